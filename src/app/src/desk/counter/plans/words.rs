//! The words of the plans of tastings.

use crate::words::{Language, spoken};

/// The texts in one language. A field is named by what it is for.
#[allow(missing_docs, reason = "the texts themselves say it")]
#[derive(Debug)]
pub struct Text {
    pub plans: &'static str,
    pub no_tastings: &'static str,
    pub no_tastings_hint: &'static str,
    pub plan: &'static str,
    pub short: fn(u32, Option<&str>, Option<&str>) -> String,
    pub begun: &'static str,
    pub kept: &'static str,
    pub stale: &'static str,
    pub booked_stays: &'static str,
    /// Of people, minutes, until when one may book and until when one may cancel: what it is called,
    /// its unit, and what can be filled in.
    pub numbers: [(&'static str, &'static str, &'static str); 4],
    pub no_deposit: &'static str,
    pub some_deposit: &'static str,
    pub how_much: &'static str,
    pub yuan: &'static str,
    pub deposit_legend: &'static str,
    pub deposit_wrong: &'static str,
    pub times: &'static str,
    pub times_sum: fn(usize) -> String,
    pub times_wrong: &'static str,
    pub no_times: &'static str,
    pub time_of: fn(&str) -> String,
    pub every_day: fn(&str) -> String,
    pub clear_day: fn(&str) -> String,
    pub add: &'static str,
    pub add_to: fn(&str) -> String,
    pub take_out: fn(&str) -> String,
    pub time_first: &'static str,
    pub already: fn(&str) -> String,
    pub left_over: fn(&str) -> String,
    pub closed: &'static str,
    pub no_closed: &'static str,
    pub closed_day: &'static str,
    pub closed_wrong: &'static str,
    pub day_first: &'static str,
    pub day_past: &'static str,
    pub too_many: fn(usize) -> String,
    pub save: &'static str,
    pub cancel: &'static str,
    pub cancel_sure: &'static str,
    pub cancel_not: &'static str,
    pub saving: &'static str,
    pub saved: &'static str,
    pub wrong: &'static str,
    pub unknown: &'static str,
    pub only_owner: &'static str,
    pub gone: &'static str,
}

/// The texts in the language of the page.
pub fn text() -> &'static Text {
    match spoken() {
        Language::Zh => &ZH,
        Language::En => &EN,
    }
}

const ZH: Text = Text {
    plans: "试吃安排",
    no_tastings: "还没有可以试吃的",
    no_tastings_hint: "有了会自己出现在这里。",
    plan: "安排",
    short: |minutes, deposit, next| {
        let deposit = deposit.map_or("免费".to_owned(), |deposit| format!("押金 {deposit}"));
        let next = next.map_or("14 天内没有空位".to_owned(), |next| {
            format!("最近有位 {next}")
        });
        format!("{minutes} 分钟 · {deposit} · {next}")
    },
    begun: "有没保存的改动",
    kept: "上次改了一半，没有保存：都在这里。",
    stale: "上次改了一半，没有保存：都在这里。后来安排在别处改过，保存会用这里的盖掉。要看现在的，按「取消」再打开。",
    booked_stays: "已经约好的都留着，时间、人数不变。押金和取消的截止，约好的也按新的算。",
    numbers: [
        ("每场名额", "人", "请填 1 到 500 的整数"),
        ("每场时长", "分钟", "请填 5 到 480 的整数"),
        (
            "预约截止：开始前",
            "分钟",
            "请填 0 到 10080 的整数，10080 分钟是一周",
        ),
        (
            "改期、取消截止：开始前",
            "分钟",
            "请填 0 到 10080 的整数，10080 分钟是一周",
        ),
    ],
    no_deposit: "免费",
    some_deposit: "收押金",
    how_much: "押金金额",
    yuan: "元",
    deposit_legend: "押金",
    deposit_wrong: "请填 0.01 到 1000 元，例如 10 或 10.50",
    times: "每周的时间",
    times_sum: |count| format!("一周共 {count} 场"),
    times_wrong: "这些时间系统不收，请看看有没有重复",
    no_times: "这天没有",
    time_of: |day| format!("{day}加一场的时间"),
    every_day: |day| format!("每天都照{day}"),
    clear_day: |day| format!("{day}都去掉"),
    add: "加",
    add_to: |what| format!("加到{what}"),
    take_out: |what| format!("去掉 {what}"),
    time_first: "请先选时间",
    already: |what| format!("{what} 已经有了"),
    left_over: |what| format!("{what} 还没加上：按「加」，或者清空"),
    closed: "不办的日子",
    no_closed: "没有，每周照常",
    closed_day: "哪天不办",
    closed_wrong: "这些日子系统不收，请看看有没有重复",
    day_first: "请先选日子",
    day_past: "这一天已经过了",
    too_many: |most| format!("最多 {most} 个"),
    save: "保存",
    cancel: "取消",
    cancel_sure: "不要这些改动",
    cancel_not: "接着改",
    saving: "正在保存…",
    saved: "已保存",
    wrong: "还没保存：请先改好标出来的地方",
    unknown: "网络或系统出了问题，不知道保存上了没有。填的都在，再按一次「保存」就好，按几次都一样。",
    only_owner: "只有店主能改安排，没有保存。填的都在。",
    gone: "这个试吃已经没有了",
};

const EN: Text = Text {
    plans: "Planning tastings",
    no_tastings: "Nothing can be tasted yet",
    no_tastings_hint: "As soon as something can, it appears here.",
    plan: "Plan",
    short: |minutes, deposit, next| {
        let deposit = deposit.map_or("free".to_owned(), |deposit| format!("deposit {deposit}"));
        let next = next.map_or("nothing free in 14 days".to_owned(), |next| {
            format!("next free {next}")
        });
        format!("{minutes} minutes · {deposit} · {next}")
    },
    begun: "Changes not saved",
    kept: "You began to change this and did not save: it is all here.",
    stale: "You began to change this and did not save: it is all here. The plan was changed elsewhere since; saving replaces that. To see it as it is now, press Cancel and open it again.",
    booked_stays: "What is booked stays, at its time and for its people. Deposit and time to cancel change for these too.",
    numbers: [
        (
            "Places in a slot",
            "people",
            "A whole number from 1 to 500, please",
        ),
        (
            "A slot takes",
            "minutes",
            "A whole number from 5 to 480, please",
        ),
        (
            "Booking ends before it begins by",
            "minutes",
            "A whole number from 0 to 10080 (a week), please",
        ),
        (
            "Moving and cancelling end before it begins by",
            "minutes",
            "A whole number from 0 to 10080 (a week), please",
        ),
    ],
    no_deposit: "Free",
    some_deposit: "With a deposit",
    how_much: "How much",
    yuan: "yuan",
    deposit_legend: "Deposit",
    deposit_wrong: "0.01 to 1000 yuan, please, such as 10 or 10.50",
    times: "Times of a week",
    times_sum: |count| match count {
        1 => "One slot a week".to_owned(),
        count => format!("{count} slots a week"),
    },
    times_wrong: "These times are not accepted; please look whether one is there twice",
    no_times: "None on this day",
    time_of: |day| format!("Another time, {day}"),
    every_day: |day| format!("Every day like {day}"),
    clear_day: |day| format!("Take out all of {day}"),
    add: "Add",
    add_to: |what| format!("Add to {what}"),
    take_out: |what| format!("Take out {what}"),
    time_first: "Choose a time first",
    already: |what| format!("{what} is there already"),
    left_over: |what| format!("{what} is not added yet: press Add, or clear it"),
    closed: "Closed days",
    no_closed: "None: every week as above",
    closed_day: "Which day",
    closed_wrong: "These days are not accepted; please look whether one is there twice",
    day_first: "Choose a day first",
    day_past: "That day is over",
    too_many: |most| format!("{most} at most"),
    save: "Save",
    cancel: "Cancel",
    cancel_sure: "Drop these changes",
    cancel_not: "Go on",
    saving: "Saving…",
    saved: "Saved",
    wrong: "Not saved yet: please mend what is marked",
    unknown: "Network or system failed, so nobody knows whether it was saved. All you typed is here. Just press Save again: saving twice is the same as once.",
    only_owner: "Only the owner may change this; nothing was saved. All you typed is here.",
    gone: "This tasting is not there any more",
};
