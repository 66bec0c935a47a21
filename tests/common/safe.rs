//! Small Sentinel-2 products, made of the real 13-band scene of tests/data. They have the folders,
//! names, metadata and JPEG 2000 files of ESA's format, as far as GDAL's SENTINEL2 driver and
//! readers of band files look at them.
//!
//! The scene's 20 m pixels are cut to 120 x 120. Bands of 10 m repeat each pixel four times, and
//! bands of 60 m average nine, so tests know what to expect. Files are lossless. Left out are
//! quicklooks, true colour, quality masks, and all metadata on orbit, geometry and quality.

use std::fs;
use std::path::{Path, PathBuf};

use gdal::raster::Buffer;
use gdal::spatial_ref::SpatialRef;
use gdal::{Dataset, DriverManager, Metadata};

use super::{creation_options, data};

/// Columns and rows at 20 m.
pub const SIZE: usize = 120;

/// For each band: its name, its position in the scene of tests/data, and its pixel size in L1C, in
/// metres.
const BANDS: [(&str, usize, u32); 13] = [
    ("B01", 1, 60),
    ("B02", 2, 10),
    ("B03", 3, 10),
    ("B04", 4, 10),
    ("B05", 5, 20),
    ("B06", 6, 20),
    ("B07", 7, 20),
    ("B08", 8, 10),
    ("B8A", 9, 20),
    ("B09", 10, 60),
    ("B10", 11, 60),
    ("B11", 12, 20),
    ("B12", 13, 20),
];

/// The level of a product.
#[derive(Clone, Copy, PartialEq)]
pub enum Level {
    L1C,
    L2A,
}

/// A product to make.
pub struct Safe {
    pub level: Level,
    /// Added to all samples; the metadata has its negative. It is 1000 since baseline 04.00. If it
    /// is 0, the metadata has no offset.
    pub offset: u16,
    /// The scene classification at 20 m, by column and row.
    pub scl: fn(usize, usize) -> u8,
}

impl Safe {
    /// The product's name.
    pub fn name(&self) -> String {
        format!(
            "S2A_MSI{}_20220615T155541_N0400_R011_T18SVG_20220615T200000.SAFE",
            self.level_name()
        )
    }

    fn level_name(&self) -> &'static str {
        match self.level {
            Level::L1C => "L1C",
            Level::L2A => "L2A",
        }
    }

    /// Writes the product into a folder. Returns its path.
    pub fn write(&self, folder: &Path) -> PathBuf {
        let root = folder.join(self.name());
        let level = self.level_name();
        let granule = root.join(format!("GRANULE/{level}_T18SVG_A036000_20220615T155541"));
        let mut images = Vec::new();
        for (band, place, finest) in BANDS {
            for metres in [10, 20, 60].into_iter().filter(|metres| self.has(band, *metres, finest))
            {
                let samples: Vec<u16> =
                    at(&read(place), metres).iter().map(|value| value + self.offset).collect();
                images.push(self.image(&granule, band, metres, &samples));
            }
        }
        if self.level == Level::L2A {
            let scl: Vec<u16> =
                (0..SIZE * SIZE).map(|i| u16::from((self.scl)(i % SIZE, i / SIZE))).collect();
            for metres in [20, 60] {
                let samples: Vec<u8> =
                    classes_at(&scl, metres).iter().map(|class| *class as u8).collect();
                images.push(self.image(&granule, "SCL", metres, &samples));
            }
        }
        let files: String = images
            .iter()
            .map(|image| {
                let path = image.strip_prefix(&root).unwrap().with_extension("");
                format!("<IMAGE_FILE>{}</IMAGE_FILE>\n", path.display())
            })
            .collect();
        fs::write(root.join(format!("MTD_MSI{level}.xml")), self.product_metadata(&files)).unwrap();
        fs::write(granule.join("MTD_TL.xml"), self.granule_metadata()).unwrap();
        fs::write(root.join("manifest.safe"), "<?xml version=\"1.0\"?><XFDU/>\n").unwrap();
        root
    }

    /// Whether the product has a band in a resolution. L2A has each band in its own and all coarser
    /// resolutions, except B08 and the band of water vapour; it has no cirrus band.
    fn has(&self, band: &str, metres: u32, finest: u32) -> bool {
        match self.level {
            Level::L1C => metres == finest,
            Level::L2A => band != "B10" && (metres == finest || metres > finest && band != "B08"),
        }
    }

    fn image<T: gdal::raster::GdalType + Copy>(
        &self,
        granule: &Path,
        band: &str,
        metres: u32,
        samples: &[T],
    ) -> PathBuf {
        let (folder, suffix) = match self.level {
            Level::L1C => ("IMG_DATA".to_string(), String::new()),
            Level::L2A => (format!("IMG_DATA/R{metres}m"), format!("_{metres}m")),
        };
        let folder = granule.join(folder);
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join(format!("T18SVG_20220615T155541_{band}{suffix}.jp2"));
        write_jp2(&path, metres, samples);
        path
    }

    fn product_metadata(&self, files: &str) -> String {
        let level = self.level_name();
        let (tag, schema) = match self.level {
            Level::L1C => ("Level-1C_User_Product", "User_Product_Level-1C"),
            Level::L2A => ("Level-2A_User_Product", "User_Product_Level-2A"),
        };
        let offset = |tag: &str| -> String {
            let entry = |id| format!("<{tag} band_id=\"{id}\">-{}</{tag}>\n", self.offset);
            if self.offset == 0 {
                String::new()
            } else {
                (0..13).map(entry).collect()
            }
        };
        let scaling = match self.level {
            Level::L1C => format!(
                "<QUANTIFICATION_VALUE \
                 unit=\"none\">10000</QUANTIFICATION_VALUE>\n<Radiometric_Offset_List>\n{}</\
                 Radiometric_Offset_List>",
                offset("RADIO_ADD_OFFSET")
            ),
            Level::L2A => format!(
                "<QUANTIFICATION_VALUES_LIST>\n\
                 <BOA_QUANTIFICATION_VALUE unit=\"none\">10000</BOA_QUANTIFICATION_VALUE>\n\
                 <AOT_QUANTIFICATION_VALUE unit=\"none\">1000.0</AOT_QUANTIFICATION_VALUE>\n\
                 <WVP_QUANTIFICATION_VALUE unit=\"cm\">1000.0</WVP_QUANTIFICATION_VALUE>\n\
                 </QUANTIFICATION_VALUES_LIST>\n\
                 <BOA_ADD_OFFSET_VALUES_LIST>\n{}</BOA_ADD_OFFSET_VALUES_LIST>",
                offset("BOA_ADD_OFFSET")
            ),
        };
        let bands: String = BANDS
            .iter()
            .enumerate()
            .map(|(id, (band, _, metres))| {
                let physical = band.replace("B0", "B");
                format!(
                    "<Spectral_Information bandId=\"{id}\" \
                     physicalBand=\"{physical}\"><RESOLUTION>{metres}</RESOLUTION></\
                     Spectral_Information>\n"
                )
            })
            .collect();
        let name = self.name();
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n\
             <n1:{tag} xmlns:n1=\"https://psd-14.sentinel2.eo.esa.int/PSD/{schema}.xsd\">\n\
             <n1:General_Info>\n<Product_Info>\n\
             <PRODUCT_START_TIME>2022-06-15T15:55:41.024Z</PRODUCT_START_TIME>\n\
             <PRODUCT_STOP_TIME>2022-06-15T15:55:41.024Z</PRODUCT_STOP_TIME>\n\
             <PRODUCT_URI>{name}</PRODUCT_URI>\n\
             <PROCESSING_LEVEL>Level-{}</PROCESSING_LEVEL>\n<PRODUCT_TYPE>S2MSI{}</PRODUCT_TYPE>\n\
             <PROCESSING_BASELINE>04.00</PROCESSING_BASELINE>\n\
             <Query_Options completeSingleTile=\"true\">\
             <PRODUCT_FORMAT>SAFE_COMPACT</PRODUCT_FORMAT></Query_Options>\n\
             <Product_Organisation><Granule_List>\n\
             <Granule datastripIdentifier=\"S2A_OPER_MSI_{level}_DS\" \
             granuleIdentifier=\"S2A_OPER_MSI_{level}_TL_T18SVG\" \
             imageFormat=\"JPEG2000\">\n{files}</Granule>\n</Granule_List>\
             </Product_Organisation>\n</Product_Info>\n\
             <Product_Image_Characteristics>\n\
             <Special_Values><SPECIAL_VALUE_TEXT>NODATA</SPECIAL_VALUE_TEXT>\
             <SPECIAL_VALUE_INDEX>0</SPECIAL_VALUE_INDEX></Special_Values>\n\
             <Special_Values><SPECIAL_VALUE_TEXT>SATURATED</SPECIAL_VALUE_TEXT>\
             <SPECIAL_VALUE_INDEX>65535</SPECIAL_VALUE_INDEX></Special_Values>\n\
             {scaling}\n<Spectral_Information_List>\n{bands}</Spectral_Information_List>\n\
             </Product_Image_Characteristics>\n</n1:General_Info>\n</n1:{tag}>\n",
            &level[1..],
            &level[1..],
        )
    }

    fn granule_metadata(&self) -> String {
        let level = self.level_name();
        let (left, top) = corner();
        let size = |metres: usize| {
            let n = SIZE * 20 / metres;
            format!("<Size resolution=\"{metres}\"><NROWS>{n}</NROWS><NCOLS>{n}</NCOLS></Size>\n")
        };
        let place = |metres: usize| {
            format!(
                "<Geoposition resolution=\"{metres}\"><ULX>{left}</ULX><ULY>{top}</ULY>\
                 <XDIM>{metres}</XDIM><YDIM>-{metres}</YDIM></Geoposition>\n"
            )
        };
        let all = |part: &dyn Fn(usize) -> String| [10, 20, 60].map(part).concat();
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n\
             <n1:Level-{}_Tile_ID xmlns:n1=\"https://psd-14.sentinel2.eo.esa.int/PSD/\
             S2_PDI_Level-{}_Tile_Metadata.xsd\">\n\
             <n1:General_Info><TILE_ID>S2A_OPER_MSI_{level}_TL_T18SVG</TILE_ID></n1:General_Info>\n\
             <n1:Geometric_Info><Tile_Geocoding>\n\
             <HORIZONTAL_CS_NAME>WGS84 / UTM zone 18N</HORIZONTAL_CS_NAME>\n\
             <HORIZONTAL_CS_CODE>EPSG:32618</HORIZONTAL_CS_CODE>\n{}{}</Tile_Geocoding>\
             </n1:Geometric_Info>\n\
             </n1:Level-{}_Tile_ID>\n",
            &level[1..],
            &level[1..],
            all(&size),
            all(&place),
            &level[1..],
        )
    }
}

/// The upper left corner of the products.
fn corner() -> (f64, f64) {
    let t = Dataset::open(data("s2_13band.tif")).unwrap().geo_transform().unwrap();
    (t[0] + 150.0 * t[1], t[3] + 250.0 * t[5])
}

/// A band of the scene (1-based) at 20 m, cut to the product.
pub fn read(band: usize) -> Vec<u16> {
    let scene = Dataset::open(data("s2_13band.tif")).unwrap();
    let band = scene.rasterband(band).unwrap();
    band.read_as::<u16>((150, 250), (SIZE, SIZE), (SIZE, SIZE), None).unwrap().data().to_vec()
}

/// Samples at 20 m converted to another resolution: repeated, or averaged.
pub fn at(samples: &[u16], metres: u32) -> Vec<u16> {
    match metres {
        20 => samples.to_vec(),
        10 => (0..4 * SIZE * SIZE)
            .map(|i| samples[i / (2 * SIZE) / 2 * SIZE + i % (2 * SIZE) / 2])
            .collect(),
        _ => blocks_of_nine(samples)
            .map(|block| ((block.iter().map(|v| u32::from(*v)).sum::<u32>() + 4) / 9) as u16)
            .collect(),
    }
}

/// Classes at 20 m converted to another resolution: the class in the middle.
fn classes_at(classes: &[u16], metres: u32) -> Vec<u16> {
    if metres == 20 {
        classes.to_vec()
    } else {
        blocks_of_nine(classes).map(|block| block[4]).collect()
    }
}

fn blocks_of_nine(samples: &[u16]) -> impl Iterator<Item = [u16; 9]> + '_ {
    let side = SIZE / 3;
    (0..side * side).map(move |i| {
        let first = i / side * 3 * SIZE + i % side * 3;
        std::array::from_fn(|j| samples[first + j / 3 * SIZE + j % 3])
    })
}

/// A lossless JPEG 2000 file of square pixels, with the products' georeference.
fn write_jp2<T: gdal::raster::GdalType + Copy>(path: &Path, metres: u32, samples: &[T]) {
    let side = SIZE * 20 / metres as usize;
    let memory = DriverManager::get_driver_by_name("MEM").unwrap();
    let mut dataset = memory.create_with_band_type::<T, _>("", side, side, 1).unwrap();
    let ((left, top), metres) = (corner(), f64::from(metres));
    dataset.set_geo_transform(&[left, metres, 0.0, top, 0.0, -metres]).unwrap();
    dataset.set_spatial_ref(&SpatialRef::from_epsg(32618).unwrap()).unwrap();
    let mut buffer = Buffer::new((side, side), samples.to_vec());
    dataset.rasterband(1).unwrap().write((0, 0), (side, side), &mut buffer).unwrap();
    let driver = DriverManager::get_driver_by_name("JP2OpenJPEG").unwrap();
    let options =
        creation_options(&["QUALITY=100", "REVERSIBLE=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=64"]);
    dataset.create_copy(&driver, path, &options).unwrap();
}

/// The rasters that GDAL's SENTINEL2 driver finds in a product.
pub fn subdatasets(product: &Path) -> Vec<String> {
    let dataset = Dataset::open(product).unwrap();
    let items = dataset.metadata_domain("SUBDATASETS").unwrap_or_default();
    items
        .iter()
        .filter_map(|item| item.split_once("_NAME=").map(|(_, name)| name.to_string()))
        .collect()
}

/// Packs a product into a zip beside it. Returns the zip's path.
pub fn zip(product: &Path) -> PathBuf {
    let path = product.with_extension("SAFE.zip");
    let (folder, name) = (product.parent().unwrap(), product.file_name().unwrap());
    let code = "import shutil, sys; shutil.make_archive(sys.argv[1][:-4], 'zip', sys.argv[2], \
                sys.argv[3])";
    let status = std::process::Command::new("python3")
        .args(["-c", code])
        .arg(&path)
        .arg(folder)
        .arg(name)
        .status();
    assert!(status.unwrap().success());
    path
}
