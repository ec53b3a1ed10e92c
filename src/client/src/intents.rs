//! Calls about what lies in the outbox.

use crate::outbox::Entry;
use crate::read::Write;
use crate::transport::{Method, Transport};
use crate::{Client, Error, endpoint, json};

/// Calls about what lies in the [outbox](crate::outbox).
pub struct Intents<'a, T>(pub(crate) &'a Client<T>);

impl<T: Transport> Intents<'_, T> {
    /// Sends an entry; the JSON of what was made. A timeout, a broken connection and a failure of
    /// the backend say nothing of whether it was.
    pub async fn send(&self, entry: &Entry) -> Result<String, Error> {
        let write = Write::new(Method::Post, entry.errand.endpoint()).keyed(&entry.key);
        self.made(Write {
            body: Some(entry.body.clone()),
            ..write
        })
        .await
    }

    /// What a key was answered: the same as its request was. Refused with `unknown-intent` when it
    /// never came.
    pub async fn ask(&self, key: &str) -> Result<String, Error> {
        self.made(Write::new(Method::Get, endpoint::intent(key)))
            .await
    }

    /// What was made has an id. Whatever else comes with a 200, the login page of a hotel for
    /// instance, is no answer of the shop's.
    async fn made(&self, write: Write) -> Result<String, Error> {
        let text = self.0.write_for_text(write).await?;
        json::decode::<Made>(&text).map(|_| text)
    }
}

struct Made {
    #[allow(dead_code, reason = "that it can be read is all that is asked")]
    id: String,
}

domain::readable!(Made { id });
