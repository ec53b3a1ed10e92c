//! Golden documents of who is who: members with their codes and carts, tablets and staff.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests"
)]

#[macro_use]
mod common;

use client::transport::Method;
use common::{Sent, moment, same_document};
use domain::booking::Verdict;
use domain::desk::Device;
use domain::member::{CodeSent, Member, MemberCart, Role, Staff, Taste};
use domain::money::Money;
use domain::pricing::WantedLine;
use domain::tasting::Subject;
use domain::time::Moment;

#[tokio::test]
async fn a_code_that_was_sent() {
    let phone = "138 0013 8000";
    let (sent, request) = wrote!(golden!("code_sent"), client => client.members().send_code(phone));
    assert_eq!(
        request,
        Sent::post("/sign-in/codes").with(r#"{"phone":"138 0013 8000"}"#)
    );
    let expected = CodeSent {
        now: moment("2026-11-22T20:45:10+08:00"),
        expires_at: moment("2026-11-22T20:50:10+08:00"),
        again_at: moment("2026-11-22T20:46:10+08:00"),
        demo_code: Some("148315".into()),
    };
    assert_eq!(sent, expected);
    same_document(&sent, golden!("code_sent"));

    // A shop in earnest never tells the code.
    let (sent, _) =
        wrote!(golden!("code_sent_sparse"), client => client.members().send_code(phone));
    let expected = CodeSent {
        now: moment("2026-11-22T12:45:10Z"),
        expires_at: moment("2026-11-22T12:50:10Z"),
        again_at: moment("2026-11-22T12:46:10Z"),
        demo_code: None,
    };
    assert_eq!(sent, expected);

    let (sent, _) = wrote!(golden!("code_sent_newer"), client => client.members().send_code(phone));
    let a_moment_later = |text| {
        let moment = moment(text);
        Moment {
            ms: moment.ms + 250,
            ..moment
        }
    };
    let expected = CodeSent {
        now: a_moment_later("2026-11-22T20:45:10+08:00"),
        expires_at: a_moment_later("2026-11-22T20:50:10+08:00"),
        again_at: a_moment_later("2026-11-22T20:46:10+08:00"),
        demo_code: None,
    };
    assert_eq!(sent, expected);
}

fn member(id: &str, name: &str) -> Member {
    Member {
        id: id.into(),
        phone: "138****8000".into(),
        name: name.to_owned(),
        tastes: Vec::new(),
    }
}

fn auntie() -> Member {
    let taste = |subject, name: &str, verdict, at| Taste {
        subject,
        name: name.to_owned(),
        verdict,
        at: moment(at),
    };
    let salmon = Subject::Product {
        id: "salmon-sashimi".into(),
    };
    let feast = Subject::Event {
        id: "community-life".into(),
    };
    Member {
        tastes: vec![
            taste(
                salmon,
                "三文鱼刺身",
                Verdict::Liked,
                "2026-11-21T10:30:00+08:00",
            ),
            taste(
                feast,
                "社区生活节",
                Verdict::NotForMe,
                "2026-11-14T15:00:00+08:00",
            ),
        ],
        ..member("afcb0acddaabfbe4c734", "周阿姨")
    }
}

#[tokio::test]
async fn a_member() {
    let (me, path) = read!(golden!("member"), client => client.members().me());
    assert_eq!(path, "/me");
    assert_eq!(me, auntie());
    same_document(&me, golden!("member"));

    let (me, _) = read!(golden!("member_sparse"), client => client.members().me());
    assert_eq!(me, member("m", ""));
    let (me, _) = read!(golden!("member_newer"), client => client.members().me());
    let newer = Taste {
        subject: Subject::Unknown,
        name: "n".into(),
        verdict: Verdict::Unknown,
        at: moment("2026-11-21T10:30:00+08:00"),
    };
    let tastes = vec![newer];
    assert_eq!(
        me,
        Member {
            tastes,
            ..member("m", "")
        }
    );
}

#[tokio::test]
async fn a_member_signs_in_and_out() {
    let phone = "13800138000";
    let (me, sent) = wrote!(golden!("member"), client => client.members().sign_in(phone, "148315"));
    assert_eq!(me, auntie());
    assert_eq!(
        sent,
        Sent::post("/sign-in").with(r#"{"phone":"13800138000","code":"148315"}"#)
    );

    let ((), sent) = wrote!("", client => client.members().sign_out());
    assert_eq!(sent, Sent::new(Method::Delete, "/session"));
}

#[tokio::test]
async fn the_cart_of_a_member() {
    let (cart, path) = read!(golden!("member_cart"), client => client.members().cart());
    assert_eq!(path, "/me/cart");
    let line = |variant: &str, quantity, seen| WantedLine {
        variant: variant.into(),
        quantity,
        seen,
    };
    let expected = MemberCart {
        lines: vec![
            line("salmon-200", 1, Some(Money::fen(4590))),
            line("milk-1l", 6, None),
        ],
        bundles: vec![],
    };
    assert_eq!(cart, expected);
    same_document(&cart, golden!("member_cart"));

    let ((), sent) = wrote!("", client => client.members().keep_cart(&cart));
    assert_eq!(
        sent,
        Sent::new(Method::Put, "/me/cart").with(golden!("member_cart"))
    );

    let (cart, _) = read!(golden!("member_cart_sparse"), client => client.members().cart());
    assert_eq!(cart, MemberCart::default());
    let (cart, _) = read!(golden!("member_cart_newer"), client => client.members().cart());
    let expected = MemberCart {
        lines: vec![line("soap-1", 2, None)],
        bundles: vec![],
    };
    assert_eq!(cart, expected);
}

fn device(id: &str, demo_hint: Option<&str>) -> Device {
    Device {
        id: id.into(),
        name: "收银台".into(),
        demo_hint: demo_hint.map(str::to_owned),
    }
}

#[tokio::test]
async fn a_tablet() {
    let (tablet, path) = read!(golden!("device"), client => client.desk().device());
    assert_eq!(path, "/desk/device");
    let expected = device("e2f1fb9bf89b1cd8630c", Some("店主 202611"));
    assert_eq!(tablet, expected);
    same_document(&tablet, golden!("device"));

    let (tablet, sent) =
        wrote!(golden!("device"), client => client.desk().register("LJGUJ4V2", "收银台"));
    assert_eq!(tablet, expected);
    assert_eq!(
        sent,
        Sent::post("/desk/devices").with(r#"{"code":"LJGUJ4V2","name":"收银台"}"#)
    );

    let (tablet, _) = read!(golden!("device_sparse"), client => client.desk().device());
    assert_eq!(tablet, device("d", None));
    let (tablet, _) = read!(golden!("device_newer"), client => client.desk().device());
    assert_eq!(tablet, device("d", None));
}

fn staff(id: &str, name: &str, role: Role, lock_after: u32) -> Staff {
    Staff {
        id: id.into(),
        name: name.to_owned(),
        role,
        lock_after,
    }
}

#[tokio::test]
async fn somebody_of_the_shop() {
    let (somebody, path) = read!(golden!("staff"), client => client.desk().staff());
    assert_eq!(path, "/desk/session");
    let owner = staff("owner", "老林", Role::Owner, 120);
    assert_eq!(somebody, owner);
    same_document(&somebody, golden!("staff"));

    let (somebody, sent) = wrote!(golden!("staff"), client => client.desk().sign_in("202611"));
    assert_eq!(somebody, owner);
    assert_eq!(
        sent,
        Sent::post("/desk/sign-in").with(r#"{"pin":"202611"}"#)
    );

    let ((), sent) = wrote!("", client => client.desk().sign_out());
    assert_eq!(sent, Sent::new(Method::Delete, "/desk/session"));

    // Five minutes, where a backend does not say.
    let (somebody, _) = read!(golden!("staff_sparse"), client => client.desk().staff());
    assert_eq!(somebody, staff("zhou", "小周", Role::Clerk, 300));
    // A role that is not understood may do nothing, but its name is shown.
    let (somebody, _) = read!(golden!("staff_newer"), client => client.desk().staff());
    assert_eq!(somebody, staff("zhou", "小周", Role::Unknown, 300));
}
