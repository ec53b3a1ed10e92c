//! The device's drawer, which all tabs of a phone share and which is slow.

use super::{Flaw, Phone, Place, Step, Storage, World};
use client::outbox::{Entry, Event};

impl World {
    pub(super) fn storage(&mut self, place: Place, storage: Storage) {
        let phone = &mut self.phones[place.phone];
        let at = phone.busy_until.max(self.now) + 1 + self.chance.below(40);
        phone.busy_until = at;
        self.at(at - self.now, Step::Storage(place, storage));
    }

    /// Mostly at once; in a tab that is slow or asleep, long after.
    pub(super) fn look(&mut self, place: Place) {
        let is_slow = self.phones[place.phone].tabs[place.tab].is_slow;
        if self.is_bad && is_slow {
            self.at_about(1, 5_000, Step::Storage(place, Storage::Look));
        } else {
            self.storage(place, Storage::Look);
        }
    }

    pub(super) fn store(&mut self, place: Place, storage: Storage) {
        let is_here = self.is_here(place);
        // A tab that was closed may have written, or not.
        if !is_here && self.chance.is(50) {
            return;
        }
        let lies = self.flaw == Some(Flaw::StorageLies);
        let flaw = self.flaw;
        let phone = &mut self.phones[place.phone];
        let lay = |phone: &Phone, name: &str, key: &str| {
            let there = phone.drawer.get(name);
            there.is_some_and(|entry| entry.key == key && entry.gone_at.is_none())
        };
        let event = match storage {
            Storage::Look => {
                if is_here {
                    let looked_at = &mut phone.tabs[place.tab].looked_at;
                    *looked_at = looked_at.or(Some(self.now));
                }
                phone.drawer.retain(|_, entry| !entry.is_over(self.now));
                let mut found: Vec<Entry> = phone.drawer.values().cloned().collect();
                if flaw == Some(Flaw::DeafToTheOther) {
                    found.retain(|entry| entry.gone_at.is_none());
                }
                if flaw == Some(Flaw::SentWhenOld) {
                    found.iter_mut().for_each(|entry| entry.made_at = self.now);
                }
                Some(Event::Found(found))
            }
            Storage::Keep(entry, heard) => {
                let name = entry.name();
                let in_the_way = phone.drawer.get(&name).cloned();
                let in_the_way = in_the_way
                    .filter(|other| other.is_in_the_way(&heard))
                    .filter(|_| flaw != Some(Flaw::WrittenOver));
                if phone.is_full {
                    Some(Event::NotKept(entry.key))
                } else if let Some(other) = in_the_way {
                    if is_here {
                        self.owed.push((place, other.key.clone()));
                    }
                    self.look(place);
                    Some(match flaw {
                        Some(Flaw::DeafToTheOther) => Event::NotKept(entry.key),
                        _ => Event::InTheWay(entry.key, other),
                    })
                } else {
                    self.kept.insert(entry.key.clone());
                    if lies {
                        phone.only_said.insert(name, entry.clone());
                    } else {
                        phone.drawer.insert(name, entry.clone());
                    }
                    Some(Event::Kept(entry.key))
                }
            }
            Storage::Settle(entry) => {
                let name = entry.name();
                if lay(phone, &name, &entry.key) && !phone.is_full {
                    phone.drawer.insert(name, entry.clone());
                }
                Some(Event::Settled(entry.key))
            }
            Storage::Forget(entry) => {
                let name = entry.name();
                phone.only_said.remove(&name);
                if lay(phone, &name, &entry.key) {
                    phone.drawer.remove(&name);
                    if flaw != Some(Flaw::NoTrace) {
                        phone.drawer.insert(name, entry.clone().trace(self.now));
                    }
                    self.over.push((place, entry, self.now));
                }
                None
            }
        };
        let is_change = !matches!(event, Some(Event::Found(_)));
        if let Some(event) = event.filter(|_| is_here) {
            self.handle(place, event);
        }
        if is_change {
            // The other tabs hear of it.
            for other in self.open_tabs(place.phone) {
                if other != place {
                    self.look(other);
                }
            }
        }
    }
}
