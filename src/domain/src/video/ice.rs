//! Which servers find a way between a browser and a media server, as the media server names them.

/// A server of STUN or TURN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IceServer {
    /// `stun:stun.example`, `turn:turn.example?transport=udp`.
    pub url: String,
    /// User name and password; TURN has them.
    pub login: Option<(String, String)>,
}

/// The servers in a `Link` header (RFC 8288), or in several that were joined by commas: those with
/// `rel="ice-server"` (RFC 9725, 4.6). What a browser would not take is left out.
pub fn ice_servers(links: &str) -> Vec<IceServer> {
    let mut servers = Vec::new();
    let mut rest = links.trim_start_matches(is_between);
    while !rest.is_empty() {
        let link = rest.strip_prefix('<');
        if let Some((target, after)) = link.and_then(|link| link.split_once('>')) {
            let (parameters, after) = parameters(after);
            servers.extend(server(target.trim(), &parameters));
            rest = after;
        }
        rest = next_link(rest).trim_start_matches(is_between);
    }
    servers
}

fn is_between(one: char) -> bool {
    one.is_ascii_whitespace() || one == ','
}

/// Names in small letters, and values.
type Parameters = Vec<(String, String)>;

fn server(target: &str, parameters: &Parameters) -> Option<IceServer> {
    // Of several with one name the first counts.
    let value = |name: &str| {
        let first = parameters.iter().find(|(one, _)| one == name);
        first.map(|(_, value)| value.as_str())
    };
    let mut relations = value("rel")?.split_ascii_whitespace();
    if !relations.any(|one| one.eq_ignore_ascii_case("ice-server")) {
        return None;
    }
    let (scheme, host) = target.split_once(':')?;
    if host.is_empty() || host.contains(|one: char| one.is_whitespace()) {
        return None;
    }
    let url = target.to_owned();
    match scheme.to_ascii_lowercase().as_str() {
        "stun" | "stuns" => Some(IceServer { url, login: None }),
        "turn" | "turns" => {
            let kind = value("credential-type").unwrap_or("password");
            if !kind.eq_ignore_ascii_case("password") {
                return None;
            }
            let login = (
                value("username")?.to_owned(),
                value("credential")?.to_owned(),
            );
            let login = Some(login);
            Some(IceServer { url, login })
        }
        _ => None,
    }
}

/// What stands behind a link's target, each behind a semicolon, and the rest.
fn parameters(text: &str) -> (Parameters, &str) {
    let mut all = Vec::new();
    let mut rest = text.trim_ascii_start();
    while let Some(after) = rest.strip_prefix(';') {
        let (name, after) = until(after, |one| matches!(one, '=' | ';' | ','));
        let (value, after) = match after.strip_prefix('=').map(str::trim_ascii_start) {
            None => (String::new(), after),
            Some(value) => match value.strip_prefix('"') {
                Some(quoted) => unquoted(quoted),
                None => {
                    let (value, after) = until(value, |one| matches!(one, ';' | ','));
                    (value.trim_ascii().to_owned(), after)
                }
            },
        };
        all.push((name.trim_ascii().to_ascii_lowercase(), value));
        rest = after.trim_ascii_start();
    }
    (all, rest)
}

/// What stands before the closing quote, and the rest behind it.
fn unquoted(text: &str) -> (String, &str) {
    let mut value = String::new();
    let mut rest = text.chars();
    while let Some(one) = rest.next() {
        match one {
            '"' => break,
            '\\' => value.extend(rest.next()),
            one => value.push(one),
        }
    }
    (value, rest.as_str())
}

/// The rest behind the next comma that is not within quotes.
fn next_link(text: &str) -> &str {
    let mut rest = text;
    loop {
        let (_, after) = until(rest, |one| matches!(one, '"' | ','));
        match after.strip_prefix('"') {
            Some(quoted) => (_, rest) = unquoted(quoted),
            None => return after,
        }
    }
}

fn until(text: &str, ends: impl Fn(char) -> bool) -> (&str, &str) {
    let end = text.find(ends).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn stun(url: &str) -> IceServer {
        let (url, login) = (url.to_owned(), None);
        IceServer { url, login }
    }

    fn turn(url: &str, name: &str, password: &str) -> IceServer {
        let (url, login) = (url.to_owned(), Some((name.to_owned(), password.to_owned())));
        IceServer { url, login }
    }

    #[test]
    fn servers_as_the_rfc_has_them() {
        // Several headers, as fetch joins them.
        let links = [
            r#"<stun:stun.example.net>; rel="ice-server""#,
            r#"<turn:turn.example.net?transport=udp>; rel="ice-server"; username="user"; credential="myPassword"; credential-type="password""#,
            r#"<turns:turn.example.net?transport=tcp>; rel="ice-server"; username="user"; credential="myPassword"; credential-type="password""#,
        ];
        let servers = [
            stun("stun:stun.example.net"),
            turn("turn:turn.example.net?transport=udp", "user", "myPassword"),
            turn("turns:turn.example.net?transport=tcp", "user", "myPassword"),
        ];
        assert_eq!(ice_servers(&links.join(", ")), servers);
        assert_eq!(ice_servers(&links.join(",")), servers);
    }

    #[test]
    fn what_stands_in_quotes_ends_nothing() {
        let link = r#"<turn:t.example>; username="a, <b>; \"c\\"; credential="=;,"; REL = ice-server , <stun:s.example>;rel=ice-server"#;
        let servers = [
            turn("turn:t.example", r#"a, <b>; "c\"#, "=;,"),
            stun("stun:s.example"),
        ];
        assert_eq!(ice_servers(link), servers);
    }

    #[test]
    fn other_links_are_no_servers() {
        let links = r#"</whip/1/events>; rel="urn:ietf:params:whip:ext:core:server-sent-events"; events="a,b", <stun:s.example>; rel="next ICE-Server"; title="x", <stun:t.example>, <stun:u.example>; rel="ice-servers", <stun:v.example>; rel=next; rel=ice-server"#;
        assert_eq!(ice_servers(links), [stun("stun:s.example")]);
    }

    #[test]
    fn what_a_browser_would_not_take_is_left_out() {
        for link in [
            "<https://example.net>; rel=ice-server",
            "<stun:>; rel=ice-server",
            "<stun:a b>; rel=ice-server",
            "<stun>; rel=ice-server",
            "<turn:t.example>; rel=ice-server",
            "<turn:t.example>; rel=ice-server; username=u",
            "<turn:t.example>; rel=ice-server; username=u; credential=p; credential-type=oauth",
        ] {
            assert_eq!(ice_servers(link), [], "{link}");
        }
        let bare = "<turn:t.example>; rel=ice-server; username=u; credential=p";
        assert_eq!(ice_servers(bare), [turn("turn:t.example", "u", "p")]);
    }

    #[test]
    fn nonsense_costs_only_itself() {
        for before in [
            "",
            ",,",
            "stun:x; rel=ice-server",
            "\"<stun:x>; rel=ice-server, \"",
            ";;=",
            "<stun:x> rel=ice-server",
            "<stun:x>;;; rel",
        ] {
            let links = [before, ", <stun:s.example>; rel=ice-server"].concat();
            assert_eq!(ice_servers(&links), [stun("stun:s.example")], "{links}");
        }
        for nothing in ["<", "<stun:x", "<>", "\"", "<stun:x>; rel=\"", "<stun:x>;"] {
            assert_eq!(ice_servers(nothing), [], "{nothing}");
        }
    }

    proptest! {
        #[test]
        fn anything_comes_to_an_end(links in "[<>;,=\"\\\\ a-z:é]{0,60}") {
            for server in ice_servers(&links) {
                prop_assert!(links.contains(&server.url));
            }
        }
    }
}
