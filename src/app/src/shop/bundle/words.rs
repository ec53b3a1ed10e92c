//! The words of a bundle's page. They are not in [`crate::words`], because they come with the page
//! and not with the first load.

use crate::words::{Language, spoken};

/// The page's texts in one language. A field is named by what it is for.
#[allow(missing_docs, reason = "the texts themselves say it")]
#[derive(Debug)]
pub struct Text {
    pub gone: &'static str,
    pub gone_hint: &'static str,
    pub ask: &'static str,
    pub serves: fn(u32) -> String,
    pub bought_too: fn(&str, &str, u32) -> String,
    pub sets_left: fn(u32) -> String,
    pub from_sets: fn(u32) -> String,
    pub alone: fn(&str) -> String,
    pub no_way: &'static str,
    pub ways: &'static str,
    pub so_many: fn(usize) -> String,
    pub same_price: &'static str,
    pub swap: &'static str,
    pub now_this: &'static str,
    pub instead_of: fn(&str) -> String,
    pub done: &'static str,
    pub pick: fn(u32) -> String,
    pub missing: fn(u32) -> String,
    pub whole: &'static str,
    pub none_left: fn(&str) -> String,
    pub enough_for: fn(&str, u32) -> String,
    pub swap_for: fn(&str, &str) -> String,
    pub no_swap: &'static str,
    pub alone_sum: &'static str,
    pub saved: &'static str,
    pub sets_sum: fn(u32) -> String,
    pub now: &'static str,
    comma: &'static str,
    and: &'static str,
}

static ZH: Text = Text {
    gone: "没有这个套餐",
    gone_hint: "可能已经下架，看看别的吧。",
    ask: "这个套餐请到店里问",
    serves: |people| match people {
        1 => "一人份".to_owned(),
        2 => "两人份".to_owned(),
        3 => "三人份".to_owned(),
        4 => "四人份".to_owned(),
        _ => format!("{people} 人份"),
    },
    bought_too: |first, others, tenths| {
        let many = match tenths {
            1 => "十有一个",
            2 => "十有两个",
            3 => "十有三个",
            4 => "十有四个",
            5 => "一半",
            6 => "十有六个",
            7 => "十有七个",
            8 => "十有八个",
            9 => "十有九个",
            _ => "几乎个个",
        };
        format!("买{first}的邻居里，{many}也买{others}")
    },
    sets_left: |sets| format!("还够 {sets} 套"),
    from_sets: |sets| format!("{sets} 套起"),
    alone: |price| format!("单买 {price}"),
    no_way: "不换",
    ways: "可换",
    so_many: |ways| format!("{ways} 样可选"),
    same_price: "不加价",
    swap: "换一样",
    now_this: "现在的",
    instead_of: |name| format!("{name}可以换成"),
    done: "选好了",
    pick: |count| format!("任选 {count} 件"),
    missing: |count| format!("还差 {count} 件"),
    whole: "选够了",
    none_left: |name| format!("{name}没有了"),
    enough_for: |name, sets| format!("{name}只够 {sets} 套"),
    swap_for: |names, difference| format!("换成{names} {difference}"),
    no_swap: "，今天配不成了",
    alone_sum: "单买合计",
    saved: "套餐优惠",
    sets_sum: |sets| format!("{sets} 套一共"),
    now: "马上买",
    comma: "、",
    and: "和",
};

static EN: Text = Text {
    gone: "There is no such set",
    gone_hint: "It may have left the shelf; have a look at the others.",
    ask: "Please ask for this set in the shop",
    serves: |people| format!("Serves {people}"),
    bought_too: |first, others, tenths| {
        let many = match tenths {
            5 => "half".to_owned(),
            10.. => "nearly all".to_owned(),
            _ => format!("{tenths} in 10"),
        };
        format!("of the neighbours who buy {first}, {many} also buy {others}")
    },
    sets_left: |sets| match sets {
        1 => "enough for 1 set".to_owned(),
        _ => format!("enough for {sets} sets"),
    },
    from_sets: |sets| format!("from {sets} sets"),
    alone: |price| format!("{price} alone"),
    no_way: "No swap",
    ways: "Swap for",
    so_many: |ways| format!("{ways} choices"),
    same_price: "same price",
    swap: "Swap",
    now_this: "as it is",
    instead_of: |name| format!("Instead of {name}"),
    done: "Done",
    pick: |count| format!("Pick any {count}"),
    missing: |count| format!("{count} to go"),
    whole: "all picked",
    none_left: |name| format!("{name} is sold out"),
    enough_for: |name, sets| match sets {
        1 => format!("{name} is enough for 1 set"),
        _ => format!("{name} is enough for {sets} sets"),
    },
    swap_for: |names, difference| format!("Take {names} {difference}"),
    no_swap: "; no set today",
    alone_sum: "Bought alone",
    saved: "Saved as a set",
    sets_sum: |sets| format!("{sets} sets"),
    now: "Buy now",
    comma: ", ",
    and: " and ",
};

/// The texts in the language spoken now.
pub fn texts() -> &'static Text {
    match spoken() {
        Language::Zh => &ZH,
        Language::En => &EN,
    }
}

/// `三文鱼、藜麦和柠檬`
pub fn list(names: &[String]) -> String {
    let Text { comma, and, .. } = texts();
    match names {
        [most @ .., last] if !most.is_empty() => [&most.join(comma), *and, last].concat(),
        _ => names.concat(),
    }
}
