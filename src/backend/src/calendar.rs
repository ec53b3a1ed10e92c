//! A booking, or a show, as a calendar file (RFC 5545), for the phone to remind of it.

use domain::booking::{Booking, BookingEvent, BookingState};
use domain::show::ShowSummary;
use domain::time::{Local, Moment};
use std::fmt::Write;

/// The longest line, in octets without its end (RFC 5545, 3.1).
const LONGEST: usize = 75;

/// The file. Times are in UTC, so that every phone shows the right instant on its own clock.
pub fn file(booking: &Booking, shop: &str, now: Moment) -> String {
    let mut text = String::new();
    let mut line = |name: &str, value: &str| fold(&mut text, &[name, ":", value].concat());
    let moves = booking
        .history
        .iter()
        .filter(|change| {
            matches!(
                change.what,
                BookingEvent::Moved | BookingEvent::Cancelled | BookingEvent::Undone
            )
        })
        .count();
    let status = match booking.state {
        BookingState::Cancelled | BookingState::NoShow => "CANCELLED",
        _ => "CONFIRMED",
    };
    let mut words = booking.number.clone();
    if let Some(code) = &booking.code {
        words.push('\n');
        words.push_str(&code.digits);
    }
    let title = escape(&booking.tasting.title);
    line("BEGIN", "VCALENDAR");
    line("VERSION", "2.0");
    line("PRODID", "-//linli//tastings//ZH");
    line("METHOD", "PUBLISH");
    line("BEGIN", "VEVENT");
    line("UID", &[booking.id.as_str(), "@tastings.linli"].concat());
    line("DTSTAMP", &utc(now));
    line("SEQUENCE", &moves.to_string());
    line("DTSTART", &utc(booking.from));
    line("DTEND", &utc(booking.to));
    line("SUMMARY", &[title.as_str(), " · ", &escape(shop)].concat());
    line("LOCATION", &escape(&booking.place));
    line("DESCRIPTION", &escape(&words));
    line("STATUS", status);
    line("BEGIN", "VALARM");
    line("ACTION", "DISPLAY");
    line("TRIGGER", "-PT1H");
    line("DESCRIPTION", &title);
    line("END", "VALARM");
    line("END", "VEVENT");
    line("END", "VCALENDAR");
    text
}

/// A show.
pub fn show(show: &ShowSummary, shop: &str, now: Moment) -> String {
    let mut text = String::new();
    let mut line = |name: &str, value: &str| fold(&mut text, &[name, ":", value].concat());
    let title = escape(&show.title);
    let ends = Moment {
        ms: show.starts_at.ms + i64::from(show.minutes) * 60_000,
        ..show.starts_at
    };
    line("BEGIN", "VCALENDAR");
    line("VERSION", "2.0");
    line("PRODID", "-//linli//shows//ZH");
    line("METHOD", "PUBLISH");
    line("BEGIN", "VEVENT");
    line("UID", &[show.id.as_str(), "@shows.linli"].concat());
    line("DTSTAMP", &utc(now));
    line("DTSTART", &utc(show.starts_at));
    line("DTEND", &utc(ends));
    line("SUMMARY", &[title.as_str(), " · ", &escape(shop)].concat());
    line("DESCRIPTION", &escape(&show.words));
    line("STATUS", "CONFIRMED");
    line("BEGIN", "VALARM");
    line("ACTION", "DISPLAY");
    line("TRIGGER", "-PT10M");
    line("DESCRIPTION", &title);
    line("END", "VALARM");
    line("END", "VEVENT");
    line("END", "VCALENDAR");
    text
}

/// `20261126T020000Z`.
fn utc(moment: Moment) -> String {
    let there = Moment {
        offset_minutes: 0,
        ..moment
    };
    let Local {
        year,
        month,
        day,
        minute_of_day,
        ..
    } = there.local();
    let (hour, minute) = (minute_of_day / 60, minute_of_day % 60);
    let second = moment.ms.rem_euclid(60_000) / 1_000;
    let mut text = String::new();
    // Writing into a text does not fail.
    let _ = write!(
        text,
        "{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}Z"
    );
    text
}

/// A text as the value of a property (3.3.11). Control characters have no place in one.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.replace("\r\n", "\n").chars() {
        match c {
            '\\' | ';' | ',' => escaped.extend(['\\', c]),
            '\n' => escaped.push_str("\\n"),
            c if c.is_control() => {}
            c => escaped.push(c),
        }
    }
    escaped
}

/// Adds a line, folded so that no part of it is too long and no character is torn.
fn fold(text: &mut String, line: &str) {
    let mut octets = 0;
    for c in line.chars() {
        if octets + c.len_utf8() > LONGEST {
            text.push_str("\r\n ");
            octets = 1;
        }
        text.push(c);
        octets += c.len_utf8();
    }
    text.push_str("\r\n");
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use domain::booking::TastingCode;
    use domain::tasting::{Subject, TastingSummary};
    use proptest::prelude::*;

    fn booking(title: &str, place: &str) -> Booking {
        Booking {
            id: "afcb0acddaabfbe4c734".into(),
            number: "T261126-003".into(),
            state: BookingState::Booked,
            tasting: TastingSummary {
                id: "light-meal".into(),
                title: title.into(),
                subject: Subject::Unknown,
                name: String::new(),
                picture: None,
                minutes: 30,
                deposit: None,
                next: None,
            },
            slot: "light-meal.1".into(),
            from: Moment::parse("2026-11-26T10:00:00+08:00").unwrap(),
            to: Moment::parse("2026-11-26T10:30:00+08:00").unwrap(),
            place: place.into(),
            party: 2,
            name: String::new(),
            note: String::new(),
            code: Some(TastingCode {
                digits: "12345678".into(),
                qr: String::new(),
            }),
            may_cancel_until: None,
            confirm: None,
            buy: None,
            verdict: None,
            history: vec![],
        }
    }

    /// Reads a file as RFC 5545 says: unfolds, splits, checks nesting, unescapes.
    fn read(text: &str) -> Vec<(String, String)> {
        assert!(text.ends_with("\r\n"));
        for line in text.split("\r\n") {
            assert!(line.len() <= 75, "{} octets", line.len());
            assert!(!line.contains(['\r', '\n']));
        }
        let unfolded = text.replace("\r\n ", "");
        let mut open = Vec::new();
        let mut read = Vec::new();
        for line in unfolded.strip_suffix("\r\n").unwrap().split("\r\n") {
            let (name, value) = line.split_once(':').unwrap();
            match name {
                "BEGIN" => open.push(value.to_owned()),
                "END" => assert_eq!(open.pop().unwrap(), value),
                _ => {
                    assert!(!open.is_empty());
                    let mut plain = String::new();
                    let mut chars = value.chars();
                    while let Some(c) = chars.next() {
                        match c {
                            '\\' => plain.push(match chars.next().unwrap() {
                                'n' => '\n',
                                c => {
                                    assert!("\\;,".contains(c));
                                    c
                                }
                            }),
                            c => {
                                assert!(!matches!(c, ';' | ','), "not escaped: {value}");
                                plain.push(c);
                            }
                        }
                    }
                    read.push((format!("{}/{name}", open.join("/")), plain));
                }
            }
        }
        assert!(open.is_empty());
        read
    }

    fn value<'a>(read: &'a [(String, String)], name: &str) -> &'a str {
        let mut found = read
            .iter()
            .filter(|(one, _)| one == &format!("VCALENDAR/VEVENT/{name}"));
        let (_, value) = found.next().unwrap();
        assert!(found.next().is_none(), "{name} twice");
        value
    }

    #[test]
    fn a_phone_can_read_it() {
        let now = Moment::parse("2026-11-25T22:00:01+08:00").unwrap();
        let long = "阳光花园南门 12 号底商；进门左手边，看见冰柜就是, 旁边是花店; 问一声也行";
        let text = file(&booking("试吃 · 健康轻食套餐", long), "邻里优选", now);
        let read = read(&text);
        assert_eq!(value(&read, "DTSTART"), "20261126T020000Z");
        assert_eq!(value(&read, "DTEND"), "20261126T023000Z");
        assert_eq!(value(&read, "DTSTAMP"), "20261125T140001Z");
        assert_eq!(value(&read, "UID"), "afcb0acddaabfbe4c734@tastings.linli");
        assert_eq!(value(&read, "SUMMARY"), "试吃 · 健康轻食套餐 · 邻里优选");
        assert_eq!(value(&read, "LOCATION"), long);
        assert_eq!(value(&read, "DESCRIPTION"), "T261126-003\n12345678");
        assert_eq!(value(&read, "STATUS"), "CONFIRMED");
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_file(title in "\\PC{0,120}", place in "[\\PC\n\r;,:\\\\\"]{0,200}") {
            let now = Moment { ms: 0, offset_minutes: 0 };
            let text = file(&booking(&title, &place), "s", now);
            let read = read(&text);
            let plain = place.replace("\r\n", "\n").replace('\r', "");
            prop_assert_eq!(value(&read, "LOCATION"), plain);
        }
    }
}
