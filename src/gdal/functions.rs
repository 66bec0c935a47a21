//! GDAL's functions by name, for the crates `gdal` and `gdal-sys`: each jumps to the function that
//! was found.
//!
//! For each name there is a slot (an address) and a function that jumps to what the slot holds. The
//! linker finds GDAL's names here, so libgdal is not linked. At first a slot leads to `.Lfind`,
//! which finds GDAL, fills all slots and goes on to the function that was called.

use std::ffi::{c_int, c_void};
use std::sync::atomic::{AtomicPtr, Ordering};

use super::library;

/// The first version of GDAL whose [`SILENT`] functions return an error's class.
const ANSWERS: u32 = 3_070_000;

/// Functions that return nothing before that version, while the bindings, which are those of a
/// newer GDAL, would read a random value; their addresses, and their substitutes.
static SILENT: [(&str, AtomicPtr<c_void>, extern "C" fn(*mut c_void) -> c_int); 2] = [
    ("GDALClose", AtomicPtr::new(std::ptr::null_mut()), close),
    ("GDALFlushCache", AtomicPtr::new(std::ptr::null_mut()), flush_cache),
];

extern "C" fn close(dataset: *mut c_void) -> c_int {
    answer(0, dataset)
}

extern "C" fn flush_cache(dataset: *mut c_void) -> c_int {
    answer(1, dataset)
}

/// Calls a silent function, and returns that there was no error: errors are only reported to the
/// handler (`problem::with_failures`).
fn answer(silent: usize, dataset: *mut c_void) -> c_int {
    let address = SILENT[silent].1.load(Ordering::Acquire);
    // SAFETY: `fill` has put the function's address there; this is its signature before `ANSWERS`.
    unsafe {
        let function: unsafe extern "C" fn(*mut c_void) = std::mem::transmute(address);
        function(dataset);
    }
    0
}

/// Fills the slots with the addresses that `find` returns for their names. `version` is GDAL's, as
/// GDAL counts.
pub(super) fn fill(version: u32, find: impl Fn(&str) -> Option<*mut c_void>) {
    // SAFETY: the assembly below defines as many slots as there are names, and aligns them.
    let slots = unsafe { &bandcluster_gdal_slots };
    for (slot, name) in slots.iter().zip(NAMES) {
        let address = find(name).unwrap_or(missing as *mut c_void);
        let silent = SILENT.iter().find(|(silent, ..)| version < ANSWERS && *silent == name);
        let address = silent.map_or(address, |(_, original, stand_in)| {
            original.store(address, Ordering::Release);
            *stand_in as *mut c_void
        });
        slot.store(address, Ordering::Release);
    }
}

/// The content of a slot if the GDAL that was found does not have its function. GDAL 3.4 has all
/// functions that this library calls; another user of the crate `gdal` may call a newer one.
extern "C" fn missing() {
    eprintln!("bandcluster: a function of GDAL was called that this version of GDAL does not have");
    std::process::abort();
}

/// Runs when a function of GDAL is called before GDAL was found. This library finds it first
/// (`library::find`); other users of the crate `gdal` in the same program may not.
extern "C" fn find() {
    if let Err(error) = library::find() {
        eprintln!("bandcluster: {error}");
        std::process::abort();
    }
}

macro_rules! functions {
    ($($name:ident)*) => {
        const NAMES: [&str; [$(stringify!($name)),*].len()] = [$(stringify!($name)),*];

        extern "C" {
            static bandcluster_gdal_slots: [AtomicPtr<c_void>; NAMES.len()];
        }

        std::arch::global_asm!(
            start!(),
            $(slot!($name),)*
            text!(),
            $(function!($name),)*
            first_call!(),
            find = sym find,
        );
    };
}

// A label that stays in its object file; a C symbol; a symbol that other object files of this
// library see, and nobody else; where slots and code go.
#[cfg(target_vendor = "apple")]
macro_rules! local { ($($name:tt)*) => { concat!("L", $($name)*) }; }
#[cfg(not(target_vendor = "apple"))]
macro_rules! local { ($($name:tt)*) => { concat!(".L", $($name)*) }; }

#[cfg(target_vendor = "apple")]
macro_rules! symbol {
    ($name:expr) => {
        concat!(".private_extern _", $name, "\n.globl _", $name, "\n_", $name, ":\n")
    };
}
#[cfg(all(not(target_vendor = "apple"), not(windows)))]
macro_rules! symbol {
    ($name:expr) => {
        concat!(".globl ", $name, "\n.hidden ", $name, "\n", $name, ":\n")
    };
}
#[cfg(windows)]
macro_rules! symbol {
    ($name:expr) => {
        concat!(".globl ", $name, "\n", $name, ":\n")
    };
}

#[cfg(target_vendor = "apple")]
macro_rules! start {
    () => {
        concat!(".section __DATA,__data\n.p2align 3\n", symbol!("bandcluster_gdal_slots"))
    };
}
#[cfg(not(target_vendor = "apple"))]
macro_rules! start {
    () => {
        concat!(".data\n.balign 8\n", symbol!("bandcluster_gdal_slots"))
    };
}

macro_rules! text {
    () => {
        ".text\n.p2align 4"
    };
}

macro_rules! slot {
    ($name:ident) => {
        concat!(
            local!("slot_", stringify!($name)),
            ": .quad ",
            local!("first_", stringify!($name)),
            "\n"
        )
    };
}

#[cfg(target_arch = "x86_64")]
macro_rules! function {
    ($name:ident) => {
        concat!(
            symbol!(stringify!($name)),
            "jmp qword ptr [rip + ",
            local!("slot_", stringify!($name)),
            "]\n",
            local!("first_", stringify!($name)),
            ":\n",
            "lea r11, [rip + ",
            local!("slot_", stringify!($name)),
            "]\n",
            "jmp ",
            local!("find"),
            "\n",
        )
    };
}

/// Keeps the arguments of the call, finds GDAL, and goes on to what the slot in r11 now holds.
#[cfg(all(target_arch = "x86_64", not(windows)))]
macro_rules! first_call {
    () => {
        concat!(
            local!("find"),
            ":\n",
            "push rbp\nmov rbp, rsp\nsub rsp, 192\n",
            "mov [rsp], rdi\nmov [rsp + 8], rsi\nmov [rsp + 16], rdx\nmov [rsp + 24], rcx\n",
            "mov [rsp + 32], r8\nmov [rsp + 40], r9\nmov [rsp + 48], rax\nmov [rsp + 56], r11\n",
            "movups [rsp + 64], xmm0\nmovups [rsp + 80], xmm1\nmovups [rsp + 96], xmm2\n",
            "movups [rsp + 112], xmm3\nmovups [rsp + 128], xmm4\nmovups [rsp + 144], xmm5\n",
            "movups [rsp + 160], xmm6\nmovups [rsp + 176], xmm7\n",
            "call {find}\n",
            "mov rdi, [rsp]\nmov rsi, [rsp + 8]\nmov rdx, [rsp + 16]\nmov rcx, [rsp + 24]\n",
            "mov r8, [rsp + 32]\nmov r9, [rsp + 40]\nmov rax, [rsp + 48]\nmov r11, [rsp + 56]\n",
            "movups xmm0, [rsp + 64]\nmovups xmm1, [rsp + 80]\nmovups xmm2, [rsp + 96]\n",
            "movups xmm3, [rsp + 112]\nmovups xmm4, [rsp + 128]\nmovups xmm5, [rsp + 144]\n",
            "movups xmm6, [rsp + 160]\nmovups xmm7, [rsp + 176]\n",
            "mov rsp, rbp\npop rbp\njmp qword ptr [r11]\n",
        )
    };
}

/// The same in the calling convention of Windows, with its 32 bytes for the called function.
#[cfg(all(target_arch = "x86_64", windows))]
macro_rules! first_call {
    () => {
        concat!(
            local!("find"),
            ":\n",
            "push rbp\nmov rbp, rsp\nsub rsp, 144\n",
            "mov [rsp + 32], rcx\nmov [rsp + 40], rdx\nmov [rsp + 48], r8\nmov [rsp + 56], r9\n",
            "mov [rsp + 64], r11\n",
            "movups [rsp + 80], xmm0\nmovups [rsp + 96], xmm1\nmovups [rsp + 112], xmm2\n",
            "movups [rsp + 128], xmm3\n",
            "call {find}\n",
            "mov rcx, [rsp + 32]\nmov rdx, [rsp + 40]\nmov r8, [rsp + 48]\nmov r9, [rsp + 56]\n",
            "mov r11, [rsp + 64]\n",
            "movups xmm0, [rsp + 80]\nmovups xmm1, [rsp + 96]\nmovups xmm2, [rsp + 112]\n",
            "movups xmm3, [rsp + 128]\n",
            "mov rsp, rbp\npop rbp\njmp qword ptr [r11]\n",
        )
    };
}

#[cfg(all(target_arch = "aarch64", not(target_vendor = "apple")))]
macro_rules! address {
    ($register:literal, $label:expr) => {
        concat!(
            "adrp ", $register, ", ", $label, "\nadd ", $register, ", ", $register, ", :lo12:",
            $label, "\n"
        )
    };
}
#[cfg(all(target_arch = "aarch64", target_vendor = "apple"))]
macro_rules! address {
    ($register:literal, $label:expr) => {
        concat!(
            "adrp ",
            $register,
            ", ",
            $label,
            "@PAGE\nadd ",
            $register,
            ", ",
            $register,
            ", ",
            $label,
            "@PAGEOFF\n"
        )
    };
}

#[cfg(target_arch = "aarch64")]
macro_rules! function {
    ($name:ident) => {
        concat!(
            ".p2align 2\n",
            symbol!(stringify!($name)),
            address!("x16", local!("slot_", stringify!($name))),
            "ldr x16, [x16]\nbr x16\n",
            local!("first_", stringify!($name)),
            ":\n",
            address!("x17", local!("slot_", stringify!($name))),
            "b ",
            local!("find"),
            "\n",
        )
    };
}

/// Keeps the arguments of the call, finds GDAL, and goes on to what the slot in x17 now holds.
#[cfg(target_arch = "aarch64")]
macro_rules! first_call {
    () => {
        concat!(
            local!("find"),
            ":\n",
            "stp x29, x30, [sp, #-224]!\nmov x29, sp\n",
            "stp x0, x1, [sp, #16]\nstp x2, x3, [sp, #32]\nstp x4, x5, [sp, #48]\n",
            "stp x6, x7, [sp, #64]\nstp x8, x17, [sp, #80]\n",
            "stp q0, q1, [sp, #96]\nstp q2, q3, [sp, #128]\nstp q4, q5, [sp, #160]\n",
            "stp q6, q7, [sp, #192]\n",
            "bl {find}\n",
            "ldp x0, x1, [sp, #16]\nldp x2, x3, [sp, #32]\nldp x4, x5, [sp, #48]\n",
            "ldp x6, x7, [sp, #64]\nldp x8, x17, [sp, #80]\n",
            "ldp q0, q1, [sp, #96]\nldp q2, q3, [sp, #128]\nldp q4, q5, [sp, #160]\n",
            "ldp q6, q7, [sp, #192]\n",
            "ldp x29, x30, [sp], #224\nldr x16, [x17]\nbr x16\n",
        )
    };
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
compile_error!("the calls of GDAL are written for x86-64 and arm64 only (src/gdal/functions.rs)");

// The functions that the crate `gdal` and this library call. GDAL 3.4 has all of them, except those
// that `missing` is for.
functions! {
    CPLDestroyXMLNode CPLError CPLErrorReset CPLGetConfigOption CPLGetErrorHandlerUserData
    CPLGetLastErrorMsg CPLGetLastErrorNo CPLGetLastErrorType CPLGetThreadLocalConfigOption
    CPLGetXMLValue CPLParseXMLString CPLPopErrorHandler CPLPushErrorHandler
    CPLPushErrorHandlerEx CPLQuietErrorHandler CPLSetConfigOption CPLSetErrorHandler
    CPLSetErrorHandlerEx CPLSetThreadLocalConfigOption CSLAddNameValue CSLAddString CSLCount
    CSLDestroy CSLDuplicate CSLFetchNameValue CSLFindString CSLFindStringCaseSensitive
    CSLGetField CSLPartialFindString CSLPrint CSLSetNameValue CSLTokenizeString
    CSLTokenizeString2 GDALAdjustValueToDataType GDALAllRegister GDALApplyGeoTransform
    GDALAttributeGetDataType GDALAttributeGetDimensionsSize GDALAttributeReadAsDouble
    GDALAttributeReadAsDoubleArray GDALAttributeReadAsInt GDALAttributeReadAsIntArray
    GDALAttributeReadAsString GDALAttributeReadAsStringArray GDALAttributeRelease
    GDALBuildOverviews GDALBuildVRT GDALBuildVRTOptionsFree GDALBuildVRTOptionsNew GDALClose
    GDALComputeRasterMinMax GDALCreate GDALCreateColorRamp GDALCreateColorTable GDALCreateCopy
    GDALCreateMaskBand GDALCreateRasterAttributeTable GDALDEMProcessing
    GDALDEMProcessingOptionsFree GDALDEMProcessingOptionsNew GDALDataTypeIsConversionLossy
    GDALDataTypeIsFloating GDALDataTypeIsInteger GDALDataTypeIsSigned GDALDataTypeUnion
    GDALDatasetCommitTransaction GDALDatasetCreateLayer GDALDatasetDeleteLayer
    GDALDatasetExecuteSQL GDALDatasetGetLayer GDALDatasetGetLayerByName GDALDatasetGetLayerCount
    GDALDatasetGetRootGroup GDALDatasetRasterIOEx GDALDatasetReleaseResultSet
    GDALDatasetRollbackTransaction GDALDatasetStartTransaction GDALDatasetTestCapability
    GDALDeleteDataset GDALDeleteRasterNoDataValue GDALDeregisterDriver GDALDestroyColorTable
    GDALDestroyDriverManager GDALDestroyRasterAttributeTable GDALDimensionGetIndexingVariable
    GDALDimensionGetName GDALDimensionGetSize GDALDimensionRelease GDALExtendedDataTypeCreate
    GDALExtendedDataTypeGetClass GDALExtendedDataTypeGetName
    GDALExtendedDataTypeGetNumericDataType GDALExtendedDataTypeRelease GDALFillRaster
    GDALFindDataTypeForValue GDALFlushCache GDALFlushCacheBlock GDALGetActualBlockSize
    GDALGetBlockSize GDALGetCacheUsed64
    GDALGetColorEntry GDALGetColorEntryAsRGB GDALGetColorEntryCount
    GDALGetColorInterpretationByName GDALGetColorInterpretationName GDALGetDataTypeByName
    GDALGetDataTypeName GDALGetDataTypeSizeBits GDALGetDataTypeSizeBytes GDALGetDatasetDriver
    GDALGetDefaultHistogram GDALGetDefaultHistogramEx GDALGetDescription GDALGetDriver
    GDALGetDriverByName GDALGetDriverCount GDALGetDriverLongName GDALGetDriverShortName
    GDALGetFileList GDALGetGCPCount GDALGetGCPProjection GDALGetGCPSpatialRef GDALGetGCPs
    GDALGetGeoTransform GDALGetMaskBand GDALGetMaskFlags GDALGetMetadata
    GDALGetMetadataDomainList GDALGetMetadataItem GDALGetOverview GDALGetOverviewCount
    GDALGetPaletteInterpretation GDALGetProjectionRef GDALGetRasterBand GDALGetRasterBandXSize
    GDALGetRasterBandYSize GDALGetRasterColorInterpretation GDALGetRasterColorTable
    GDALGetRasterCount GDALGetRasterDataType GDALGetRasterHistogram GDALGetRasterHistogramEx
    GDALGetRasterNoDataValue GDALGetRasterNoDataValueAsInt64 GDALGetRasterNoDataValueAsUInt64
    GDALGetRasterOffset GDALGetRasterScale GDALGetRasterStatistics GDALGetRasterUnitType
    GDALGetRasterXSize GDALGetRasterYSize GDALGetSpatialRef GDALGroupGetAttribute
    GDALGroupGetDimensions GDALGroupGetGroupNames GDALGroupGetMDArrayNames GDALGroupGetName
    GDALGroupOpenGroup GDALGroupOpenMDArray GDALGroupRelease GDALInvGeoTransform
    GDALMDArrayGetAttribute GDALMDArrayGetDataType GDALMDArrayGetDimensionCount
    GDALMDArrayGetDimensions GDALMDArrayGetNoDataValueAsDouble GDALMDArrayGetSpatialRef
    GDALMDArrayGetStatistics GDALMDArrayGetTotalElementsCount GDALMDArrayGetUnit GDALMDArrayRead
    GDALMDArrayRelease GDALMultiDimTranslate GDALMultiDimTranslateOptionsFree
    GDALMultiDimTranslateOptionsNew GDALOpenEx GDALRATCreateColumn
    GDALGetDefaultRAT GDALGetRasterCategoryNames GDALRATGetColumnCount GDALRATGetLinearBinning
    GDALRATGetNameOfCol GDALRATGetRowCount GDALRATGetUsageOfCol GDALRATGetValueAsString
    GDALRATSetTableType GDALRATSetValueAsDouble GDALRATSetValueAsInt GDALRATSetValueAsString
    GDALRasterIO GDALRasterIOEx GDALRasterizeGeometries GDALReadBlock GDALRegisterDriver
    GDALRenameDataset GDALReprojectImage GDALSetCacheMax64 GDALSetColorEntry
    GDALSetDefaultHistogramEx GDALSetDefaultRAT GDALSetDescription GDALSetGCPs2
    GDALSetGeoTransform GDALSetMetadataItem GDALSetProjection GDALSetRasterCategoryNames
    GDALSetRasterColorInterpretation GDALSetRasterColorTable GDALSetRasterNoDataValue
    GDALSetRasterNoDataValueAsInt64 GDALSetRasterNoDataValueAsUInt64 GDALSetRasterOffset
    GDALSetRasterScale GDALSetSpatialRef GDALSieveFilter GDALVersionInfo GDALWarp
    GDALWarpAppOptionsFree GDALWarpAppOptionsNew GDALWriteBlock
    OCTCoordinateTransformationOptionsSetAreaOfInterest
    OCTCoordinateTransformationOptionsSetBallparkAllowed
    OCTCoordinateTransformationOptionsSetDesiredAccuracy
    OCTCoordinateTransformationOptionsSetOperation OCTDestroyCoordinateTransformation
    OCTDestroyCoordinateTransformationOptions OCTNewCoordinateTransformation
    OCTNewCoordinateTransformationEx OCTNewCoordinateTransformationOptions OCTTransform
    OCTTransformBounds OGRGeometryTypeToName OGRSetNonLinearGeometriesEnabledFlag
    OGR_FD_GetFieldCount OGR_FD_GetFieldDefn OGR_FD_GetFieldIndex OGR_FD_GetGeomFieldCount
    OGR_FD_GetGeomFieldDefn OGR_FD_GetGeomFieldIndex OGR_FD_GetGeomType OGR_F_Create
    OGR_F_Destroy OGR_F_GetFID OGR_F_GetFieldAsDateTime OGR_F_GetFieldAsDouble
    OGR_F_GetFieldAsDoubleList OGR_F_GetFieldAsInteger OGR_F_GetFieldAsInteger64
    OGR_F_GetFieldAsInteger64List OGR_F_GetFieldAsIntegerList OGR_F_GetFieldAsString
    OGR_F_GetFieldAsStringList OGR_F_GetFieldCount OGR_F_GetFieldDefnRef OGR_F_GetFieldIndex
    OGR_F_GetGeomFieldIndex OGR_F_GetGeomFieldRef OGR_F_GetGeometryRef OGR_F_IsFieldNull
    OGR_F_SetFieldDateTime OGR_F_SetFieldDouble OGR_F_SetFieldDoubleList OGR_F_SetFieldInteger
    OGR_F_SetFieldInteger64 OGR_F_SetFieldInteger64List OGR_F_SetFieldIntegerList
    OGR_F_SetFieldNull OGR_F_SetFieldString OGR_F_SetFieldStringList OGR_F_SetGeometry
    OGR_F_SetGeometryDirectly OGR_F_UnsetField OGR_Fld_Create OGR_Fld_Destroy
    OGR_Fld_GetAlternativeNameRef OGR_Fld_GetDefault OGR_Fld_GetNameRef OGR_Fld_GetPrecision
    OGR_Fld_GetType OGR_Fld_GetWidth OGR_Fld_IsNullable OGR_Fld_IsUnique OGR_Fld_SetPrecision
    OGR_Fld_SetWidth OGR_GFld_GetNameRef OGR_GFld_GetSpatialRef OGR_GFld_GetType OGR_GT_Flatten
    OGR_GT_HasM OGR_GT_HasZ OGR_GT_SetM OGR_GT_SetModifier OGR_GT_SetZ OGR_G_AddGeometryDirectly
    OGR_G_AddPoint OGR_G_AddPointM OGR_G_AddPointZM OGR_G_AddPoint_2D OGR_G_Area
    OGR_G_AssignSpatialReference OGR_G_Buffer OGR_G_Clone OGR_G_Contains OGR_G_ConvexHull
    OGR_G_CreateFromGML OGR_G_CreateFromWkb OGR_G_CreateFromWkt OGR_G_CreateGeometry
    OGR_G_CreateGeometryFromJson OGR_G_Crosses OGR_G_DelaunayTriangulation OGR_G_DestroyGeometry
    OGR_G_Difference OGR_G_Disjoint OGR_G_Equals OGR_G_ExportToIsoWkb OGR_G_ExportToIsoWkt
    OGR_G_ExportToJson OGR_G_ExportToWkb OGR_G_ExportToWkt OGR_G_FlattenTo2D OGR_G_GetEnvelope
    OGR_G_GetEnvelope3D OGR_G_GetGeometryCount OGR_G_GetGeometryName OGR_G_GetGeometryRef
    OGR_G_GetGeometryType OGR_G_GetLinearGeometry OGR_G_GetPoint OGR_G_GetPointCount
    OGR_G_GetPointZM OGR_G_GetPoints OGR_G_GetSpatialReference OGR_G_HasCurveGeometry
    OGR_G_Intersection OGR_G_Intersects OGR_G_IsEmpty OGR_G_IsValid OGR_G_Length OGR_G_MakeValid
    OGR_G_MakeValidEx OGR_G_Overlaps OGR_G_Segmentize OGR_G_SetPoint OGR_G_SetPointM
    OGR_G_SetPointZM OGR_G_SetPoint_2D OGR_G_Simplify OGR_G_SimplifyPreserveTopology
    OGR_G_Touches OGR_G_Transform OGR_G_TransformTo OGR_G_Union OGR_G_Within OGR_G_WkbSize
    OGR_GetFieldTypeName OGR_L_CreateFeature OGR_L_CreateField OGR_L_GetArrowStream
    OGR_L_GetExtent OGR_L_GetFeature OGR_L_GetFeatureCount OGR_L_GetLayerDefn OGR_L_GetName
    OGR_L_GetNextFeature OGR_L_GetSpatialRef OGR_L_ResetReading OGR_L_SetAttributeFilter
    OGR_L_SetFeature OGR_L_SetSpatialFilter OGR_L_SetSpatialFilterRect OGR_L_TestCapability
    OSRAutoIdentifyEPSG OSRClone OSRCloneGeogCS OSRDemoteTo2D OSRDestroySpatialReference
    OSRExportToPROJJSON OSRExportToPrettyWkt OSRExportToProj4 OSRExportToWkt OSRExportToXML
    OSRGetAngularUnits OSRGetAreaOfUse OSRGetAttrValue OSRGetAuthorityCode OSRGetAuthorityName
    OSRGetAxesCount OSRGetAxis OSRGetAxisMappingStrategy OSRGetLinearUnits OSRGetName OSRGetProjParm
    OSRGetSemiMajor OSRGetSemiMinor OSRImportFromEPSG OSRImportFromESRI OSRImportFromProj4
    OSRIsCompound OSRIsDerivedGeographic OSRIsGeocentric OSRIsGeographic OSRIsLocal OSRIsProjected
    OSRIsSame OSRIsSameEx OSRIsVertical OSRMorphToESRI OSRNewSpatialReference OSRRelease
    OSRSetAttrValue OSRSetAxisMappingStrategy OSRSetDataAxisToSRSAxisMapping OSRSetFromUserInput
    OSRSetProjParm OSRStripVertical VSIFCloseL VSIFileFromMemBuffer VSIFree VSIGetMemFileBuffer
    VSIIngestFile VSIReadDir VSIReadDirRecursive VSIStatL VSIUnlink
}
