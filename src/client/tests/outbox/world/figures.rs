//! What happened, counted.

use std::fmt;

macro_rules! figures {
    ($($name:ident),+) => {
        /// What happened in a world.
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub struct Figures { $(pub $name: u64),+ }

        impl Figures {
            pub fn add(&mut self, other: &Self) {
                $(self.$name += other.$name;)+
            }
        }

        impl fmt::Display for Figures {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let figures = [$((stringify!($name), self.$name)),+];
                let told: Vec<_> = figures.iter().map(|(name, count)| format!("{name} {count}")).collect();
                f.write_str(&told.join(", "))
            }
        }
    };
}

figures!(
    steps, taps, sent, asked, lost, repeated, failed, kills, replayed, done, refused, lapsed,
    no_room, under_way, elsewhere
);
