//! Words of the tastings' pages. They are not in [`crate::words`], because they come with these
//! pages and not with the first load.
