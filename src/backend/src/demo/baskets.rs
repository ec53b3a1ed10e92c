//! What neighbours have bought at the demo's counter: made up, but every time the same.

/// How many baskets there are.
const BASKETS: usize = 300;

/// What a neighbour comes for, and takes with which chance, in per cent.
type Errand = &'static [(&'static str, u32)];

/// How often of all somebody comes for what.
const ERRANDS: &[(u32, Errand)] = &[
    (
        12,
        &[
            ("salmon-sashimi", 100),
            ("tricolour-quinoa", 88),
            ("anyue-lemon", 88),
            ("avocado", 40),
        ],
    ),
    (
        7,
        &[
            ("chicken-breast", 100),
            ("broccoli", 60),
            ("tricolour-quinoa", 35),
            ("carrot", 35),
            ("sweet-corn", 25),
        ],
    ),
    (
        10,
        &[
            ("hotpot-lamb", 90),
            ("fish-balls", 80),
            ("greens-double-pack", 75),
            ("fresh-noodles", 70),
            ("live-prawns", 30),
        ],
    ),
    (
        8,
        &[
            ("sea-bass", 100),
            ("yellow-ginger", 60),
            ("anyue-lemon", 60),
            ("sweet-peas", 55),
        ],
    ),
    (
        8,
        &[
            ("pork-ribs", 100),
            ("sweet-corn", 65),
            ("carrot", 55),
            ("yellow-ginger", 35),
            ("red-baby-potato", 20),
        ],
    ),
    (
        10,
        &[
            ("sea-salt-croissant", 90),
            ("cold-brew", 65),
            ("fresh-milk", 30),
        ],
    ),
    (
        5,
        &[
            ("walnut-wholewheat", 90),
            ("plain-yogurt", 50),
            ("wildflower-honey", 30),
            ("blueberry", 40),
        ],
    ),
    (4, &[("drip-bag-coffee", 80), ("sesame-bagel", 60)]),
    (
        9,
        &[
            ("xuxiang-kiwi", 60),
            ("kyoho-grapes", 55),
            ("cut-watermelon", 50),
            ("aksu-apple", 45),
            ("cream-strawberry", 40),
        ],
    ),
    (
        7,
        &[
            ("chicken-quinoa-salad", 90),
            ("soy-milk", 60),
            ("salmon-onigiri", 35),
        ],
    ),
    (
        5,
        &[
            ("strawberry-cake", 90),
            ("osmanthus-oolong", 60),
            ("weekend-bouquet", 25),
        ],
    ),
    (
        7,
        &[("tomato", 90), ("mountain-eggs", 75), ("fresh-noodles", 40)],
    ),
    (
        6,
        &[
            ("pork-belly", 100),
            ("long-aubergine", 45),
            ("green-pepper", 45),
            ("yellow-ginger", 40),
        ],
    ),
    (
        5,
        &[
            ("shepherds-purse-wontons", 100),
            ("greens-double-pack", 30),
            ("soy-milk", 25),
        ],
    ),
    (
        4,
        &[
            ("rolled-oats", 90),
            ("fresh-milk", 60),
            ("banana", 50),
            ("blueberry", 35),
        ],
    ),
    (
        2,
        &[("sunflowers", 60), ("tulips", 50), ("potted-mint", 30)],
    ),
    (2, &[("lemon-soap", 100), ("home-cleaning", 30)]),
    // Only this and that.
    (22, ALONG),
];

/// What one takes along, whatever one came for.
const ALONG: Errand = &[
    ("fresh-milk", 7),
    ("mountain-eggs", 7),
    ("tomato", 6),
    ("banana", 6),
    ("greens-double-pack", 5),
    ("carrot", 5),
    ("salmon-sashimi", 2),
    ("anyue-lemon", 3),
    ("avocado", 4),
    ("broccoli", 4),
    ("sweet-corn", 3),
    ("green-pepper", 3),
    ("yellow-ginger", 3),
    ("fish-balls", 3),
    ("chicken-breast", 3),
    ("pork-belly", 2),
    ("aksu-apple", 3),
    ("kyoho-grapes", 3),
    ("cream-strawberry", 3),
    ("blueberry", 3),
    ("plain-yogurt", 3),
    ("soy-milk", 3),
    ("cold-brew", 2),
    ("osmanthus-oolong", 2),
    ("wuchang-rice", 3),
];

/// Baskets of products, by their ids.
pub(super) fn baskets() -> Vec<Vec<String>> {
    let mut chance = Chance(42);
    let all: u32 = ERRANDS.iter().map(|(often, _)| often).sum();
    let mut baskets = Vec::with_capacity(BASKETS);
    while baskets.len() < BASKETS {
        let mut drawn = chance.below(all);
        let errand = ERRANDS.iter().find(|(often, _)| {
            let found = drawn < *often;
            drawn = drawn.saturating_sub(*often);
            found
        });
        let errand = errand.map_or(ALONG, |(_, errand)| errand);
        let wanted = errand.iter().chain(ALONG);
        let mut basket: Vec<String> = wanted
            .filter(|(_, percent)| chance.below(100) < *percent)
            .map(|(product, _)| (*product).to_owned())
            .collect();
        basket.sort_unstable();
        basket.dedup();
        if !basket.is_empty() {
            baskets.push(basket);
        }
    }
    baskets
}

/// Chance that is the same every time: SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^= mixed >> 31;
        // The upper half times the end, and of that the upper half again: always below the end.
        (((mixed >> 32) * u64::from(end)) >> 32) as u32
    }
}
