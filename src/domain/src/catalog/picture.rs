//! Pictures, and the colour of the plate under them.

use serde::Serialize;

/// A picture and the plate it stands on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Picture {
    /// Absolute, or relative to the page.
    pub url: String,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// The colour of the plate under it.
    #[serde(default)]
    pub tint: Tint,
}

crate::readable!(Picture { url, width, height, tint or Default::default() });

/// Soft colours for the plate under a picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Tint {
    /// Green.
    Leaf,
    /// Blue.
    Sea,
    /// Yellow.
    Sun,
    /// Pink.
    Rose,
    /// Violet.
    Dusk,
    /// Not said, or newer than this code: drawn neutral.
    #[default]
    #[serde(other)]
    Unknown,
}

crate::readable_words!(Tint { "leaf" => Leaf, "sea" => Sea, "sun" => Sun, "rose" => Rose, "dusk" => Dusk } else Unknown);
