//! Reads `text/event-stream` as it comes, in pieces of any size (WHATWG HTML, 9.2.6).

/// One thing that a stream says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frame {
    /// Its kind; empty for a plain message.
    pub event: String,
    /// What it says; several lines of data are joined by line feeds.
    pub data: String,
    /// The last id that the stream has named, in this frame or before; empty when there was none.
    pub id: String,
}

/// The longest frame that is read, in bytes. What is longer is no stream of a shop's, and is passed
/// over.
const LONGEST: usize = 1 << 20;

/// Reads a stream.
#[derive(Clone, Debug, Default)]
pub struct Parser {
    line: Vec<u8>,
    /// The last byte was a carriage return: a line feed after it belongs to it.
    returned: bool,
    begun: bool,
    next: Frame,
    has_data: bool,
    size: usize,
}

impl Parser {
    /// Takes the next piece in; the frames that are complete by it.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<Frame> {
        let mut frames = Vec::new();
        for byte in bytes {
            let after_return = std::mem::take(&mut self.returned);
            match byte {
                b'\n' if after_return => {}
                b'\n' => frames.extend(self.end_of_line()),
                b'\r' => {
                    self.returned = true;
                    frames.extend(self.end_of_line());
                }
                byte => {
                    self.size += 1;
                    if self.size <= LONGEST {
                        self.line.push(*byte);
                    }
                }
            }
        }
        frames
    }

    fn end_of_line(&mut self) -> Option<Frame> {
        let bytes = std::mem::take(&mut self.line);
        let line = String::from_utf8_lossy(&bytes);
        let mut line: &str = &line;
        if !std::mem::replace(&mut self.begun, true) {
            line = line.strip_prefix('\u{FEFF}').unwrap_or(line);
        }
        if line.is_empty() {
            return self.end_of_frame();
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "data" => {
                if std::mem::replace(&mut self.has_data, true) {
                    self.next.data.push('\n');
                }
                self.next.data.push_str(value);
            }
            "event" => value.clone_into(&mut self.next.event),
            "id" if !value.contains('\0') => value.clone_into(&mut self.next.id),
            // A comment, a pause that is asked for (ours are the supervisor's), or something newer.
            _ => {}
        }
        None
    }

    fn end_of_frame(&mut self) -> Option<Frame> {
        let fits = std::mem::take(&mut self.size) <= LONGEST;
        let id = self.next.id.clone();
        let frame = std::mem::replace(
            &mut self.next,
            Frame {
                id,
                ..Frame::default()
            },
        );
        (std::mem::take(&mut self.has_data) && fits).then_some(frame)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Vec<(String, String, String)> {
        let frames = Parser::default().feed(text.as_bytes());
        let parts = |frame: Frame| (frame.event, frame.data, frame.id);
        frames.into_iter().map(parts).collect()
    }

    fn frame(event: &str, data: &str, id: &str) -> (String, String, String) {
        (event.to_owned(), data.to_owned(), id.to_owned())
    }

    const MIXED: &str = "\u{FEFF}data: 一\r\n\r\n: a comment\nid:7\r\ndata: two\ndata:  lines\r\n\nevent: beat\rdata\r\rid\ndata: x\n\nevent: lost\n\ndata: 🥑\nnewer: field\n\ndata: never ended";

    fn expected() -> Vec<(String, String, String)> {
        vec![
            frame("", "一", ""),
            frame("", "two\n lines", "7"),
            frame("beat", "", "7"),
            frame("", "x", ""),
            frame("", "🥑", ""),
        ]
    }

    #[test]
    fn a_stream_is_read_by_the_standard() {
        assert_eq!(read(MIXED), expected());
        assert_eq!(read("data: {}\n\n"), [frame("", "{}", "")]);
        assert_eq!(read("\n\r\n\r: only comments\n\nid: 3\n\n"), []);
        assert_eq!(read("id: 3\u{0}\ndata: a\n\n"), [frame("", "a", "")]);
    }

    #[test]
    fn a_stream_is_the_same_wherever_it_is_cut() {
        let bytes = MIXED.as_bytes();
        let whole = Parser::default().feed(bytes);
        for cut in 0..=bytes.len() {
            let mut parser = Parser::default();
            let mut frames = parser.feed(&bytes[..cut]);
            frames.extend(parser.feed(&bytes[cut..]));
            assert_eq!(frames, whole, "cut at {cut}");
        }
        let mut parser = Parser::default();
        let one_by_one: Vec<_> = bytes
            .iter()
            .flat_map(|byte| parser.feed(&[*byte]))
            .collect();
        assert_eq!(one_by_one, whole);
    }

    #[test]
    fn what_is_far_too_long_is_passed_over() {
        let mut parser = Parser::default();
        for _ in 0..40 {
            assert_eq!(parser.feed(&[b'x'; 64 * 1024]), []);
        }
        assert!(parser.line.len() <= LONGEST);
        assert_eq!(parser.feed(b"\ndata: lost with it\n\n"), []);
        assert_eq!(parser.feed(b"data: fine\n\n")[0].data, "fine");
    }

    proptest! {
        #[test]
        fn no_bytes_break_it(bytes in proptest::collection::vec(prop_oneof![Just(b'\n'), Just(b'\r'), Just(b':'), Just(b'd'), any::<u8>()], 0..300), cut in any::<prop::sample::Index>()) {
            let whole = Parser::default().feed(&bytes);
            let cut = cut.index(bytes.len() + 1);
            let mut parser = Parser::default();
            let mut frames = parser.feed(&bytes[..cut]);
            frames.extend(parser.feed(&bytes[cut..]));
            prop_assert_eq!(frames, whole);
        }
    }
}
