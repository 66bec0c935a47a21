//! What the user should know before trusting a result, for programs and for people.

use schemars::JsonSchema;
use serde::Serialize;

/// Something that the user should know.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Warning {
    /// What was found, with its values.
    #[serde(flatten)]
    pub finding: Finding,
    /// The band concerned: its name, or its number in its file; null if no band is concerned.
    pub band: Option<String>,
    /// The scene concerned, if there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scene: Option<String>,
    /// The same as an English sentence that names no option.
    pub message: String,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Finding {
    /// The scene's samples are higher or lower than those of the training pixels.
    Offset {
        /// What must be added to them to make them comparable.
        add: f64,
        /// Whether there is another cause, which must be undone together with this one.
        together: bool,
    },
    /// The scene's samples are in another unit than those of the training pixels.
    Scale {
        /// The factor that makes them comparable.
        multiply: f64,
        /// As in `offset`.
        together: bool,
    },
    /// The scene's bands are in another order than the model's.
    BandOrder {
        /// For each of the model's bands, its position among the bands that were read, from 1.
        order: Vec<usize>,
        /// The model's names of its bands.
        names: Vec<String>,
        /// As in `offset`.
        together: bool,
    },
    /// The scene differs from the training scenes, and no cause is known.
    Drift {
        /// How far its bands moved on average, in standard deviations.
        overall: f64,
        /// The share of pixels farther from their class than 99 % of the training pixels.
        beyond_radius: f64,
    },
    /// The centres still moved when the maximum number of iterations was reached.
    MaxIter {
        /// The maximum number of iterations.
        max_iter: u32,
    },
    /// An alpha band is used as a mask.
    AlphaMask {
        /// The file that it is in.
        file: String,
    },
    /// The scene classification of Sentinel-2 is among the bands that are read.
    SclBand {
        /// The scene.
        scene: String,
    },
    /// Bands that have a palette are among those that are read.
    Palette {
        /// The scene.
        scene: String,
        /// Their names.
        bands: Vec<String>,
    },
    /// Bands of a scene have different scales or offsets, and are compared as they are stored.
    BandScales {
        /// The scene.
        scene: String,
        /// The names of its bands.
        names: Vec<String>,
        /// The scale of each.
        scales: Vec<f64>,
        /// The offset of each.
        offsets: Vec<f64>,
    },
    /// A scene that is used together with others has other scales or offsets.
    SceneScales {
        /// The scene.
        scene: String,
        /// The scene that it was compared with.
        like: String,
        /// Whether its samples were converted to the scale and offset of the other scene. They are
        /// if both scenes state theirs.
        corrected: bool,
    },
    /// No file of a scene says which pixels are without data, so the model's nodata values are
    /// used.
    ModelNodata {
        /// The scene.
        scene: String,
        /// The value of each band; null where none is used.
        nodata: Vec<Option<f64>>,
    },
    /// No pixel of a scene is valid: it adds nothing to a fit of several, and its map is empty.
    NoValidPixel {
        /// The scene.
        scene: String,
        /// The bands without a valid pixel, if other bands have some.
        bands: Vec<String>,
    },
    /// `minibatch` was asked for.
    Minibatch,
    /// The job takes more memory than was asked for.
    Memory {
        /// What was asked for, in MiB.
        memory: usize,
        /// What it takes at most, in MiB.
        needed: usize,
    },
    /// More memory was asked for than the machine has.
    MachineMemory {
        /// What was asked for, in MiB.
        memory: usize,
        /// The memory of the machine, in MiB.
        total: u64,
    },
}

impl Finding {
    /// The finding as a warning about a band, or about no band.
    pub(crate) fn warning(self, band: Option<String>) -> Warning {
        Warning { message: self.sentence(None), finding: self, band, scene: None }
    }

    /// The finding as a sentence, followed by advice.
    pub fn sentence(&self, advice: Option<&str>) -> String {
        let advice = advice.map(|advice| format!(": {advice}")).unwrap_or_default();
        let together = match self {
            Finding::Offset { together: true, .. }
            | Finding::Scale { together: true, .. }
            | Finding::BandOrder { together: true, .. } => {
                " (see the other warning, too: both must be corrected at once)"
            }
            _ => "",
        };
        format!("{}{advice}{together}", self.found())
    }

    fn found(&self) -> String {
        match self {
            Finding::Offset { add, .. } => {
                let (more, newer) =
                    if *add < 0.0 { ("higher", "scene") } else { ("lower", "model's scene") };
                format!(
                    "the scene's values look {} {more} than those the model was fitted on; the \
                     {newer} seems to be a Sentinel-2 product of processing baseline 04.00 or \
                     later",
                    add.abs()
                )
            }
            Finding::Scale { multiply, .. } => {
                let (scene, trained) = if *multiply > 1.0 {
                    ("0 to 1", "0 to 10000")
                } else {
                    ("0 to 10000", "0 to 1")
                };
                format!(
                    "the scene looks like reflectance of {scene}, the model was fitted on \
                     {trained}"
                )
            }
            Finding::BandOrder { order, names, .. } => {
                let numbers: Vec<_> = order.iter().map(usize::to_string).collect();
                let pairs: Vec<_> = names
                    .iter()
                    .zip(&numbers)
                    .map(|(name, number)| format!("{name} = {number}"))
                    .collect();
                format!(
                    "the scene's bands seem to be in another order (model = position among the \
                     bands that were read: {}): label it again with the bands in this order: {}",
                    pairs.join(", "),
                    numbers.join(",")
                )
            }
            Finding::Drift { overall, beyond_radius } => format!(
                "the scene differs from what the model was fitted on: its bands moved by \
                 {overall:.1} standard deviations on average, and {:.0} % of its pixels lie \
                 farther from their class than 99 % of the training pixels do; look at the map \
                 before trusting it, or fit on both scenes together",
                100.0 * beyond_radius
            ),
            Finding::MaxIter { max_iter } => {
                format!(
                    "the centres still moved when the maximum of {max_iter} iterations was reached"
                )
            }
            Finding::AlphaMask { file } => format!("{file}: an alpha band is used as a mask"),
            Finding::SclBand { scene } => {
                format!(
                    "{scene}: the values of SCL are classes, and distances between them mean \
                     nothing"
                )
            }
            Finding::Palette { scene, bands } => format!(
                "{scene}: {} has a palette: if its values are classes, distances between them mean \
                 nothing",
                bands.join(", ")
            ),
            Finding::BandScales { scene, names, scales, offsets } => {
                let of_band = |((name, scale), offset)| format!("{name} * {scale} + {offset}");
                let each: Vec<_> = names.iter().zip(scales).zip(offsets).map(of_band).collect();
                format!(
                    "{scene}: the bands have different scales or offsets ({}), and are compared \
                     by their samples as stored; z-scores give them the same weight",
                    each.join(", ")
                )
            }
            Finding::SceneScales { scene, like, corrected: true } => {
                format!(
                    "{scene}: the samples are converted to those of {like} with the scale and \
                     offset of both scenes"
                )
            }
            Finding::SceneScales { scene, like, corrected: false } => format!(
                "{scene}: the scale or offset differs from that of {like}, but some bands have no \
                 scale and offset: the samples are used as stored"
            ),
            Finding::ModelNodata { scene, nodata } => format!(
                "{scene}: the file does not say which pixels are without data, so the model's \
                 nodata is used: {}",
                values_of_bands(nodata)
            ),
            Finding::NoValidPixel { scene, bands } => {
                let which = match bands[..] {
                    [] => String::new(),
                    _ => format!(" (none has a value in {})", bands.join(", ")),
                };
                format!(
                    "no pixel of {scene} is valid{which}: check its nodata values, its mask and \
                     the area of interest"
                )
            }
            Finding::Minibatch => "minibatch: this is kmeans, which streams the pixels already \
                                   and needs no small batches"
                .into(),
            Finding::Memory { memory, needed } => {
                format!("{memory} MiB of memory were asked for, and this takes up to {needed} MiB")
            }
            Finding::MachineMemory { memory, total } => format!(
                "{memory} MiB of memory were asked for, and this machine has {total} MiB: ask for \
                 less, to leave some for other programs"
            ),
        }
    }
}

/// The value of all bands, or of each band if they differ.
fn values_of_bands(values: &[Option<f64>]) -> String {
    let text = |value: &Option<f64>| value.map_or("none".into(), |value| value.to_string());
    if values.windows(2).all(|pair| pair[0] == pair[1]) {
        return values.first().map(text).unwrap_or_default();
    }
    values.iter().map(text).collect::<Vec<_>>().join(", ")
}
