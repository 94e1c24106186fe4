//! ListObjectsV2: keys and common prefixes in UTF-8 byte order, a page at a time.

use std::io;
use std::ops::ControlFlow;

use super::walk::{Visitor, entries, walk};
use super::{ObjectInfo, Store, StoreError};

/// Where a page begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Resume {
    /// After this key.
    AfterKey(String),
    /// After every key that begins so.
    AfterPrefix(String),
}

/// What to list.
#[derive(Debug, Clone, Default)]
pub(crate) struct ListingRequest {
    /// Only keys that begin so.
    pub(crate) prefix: String,
    /// Keys that contain this after the prefix are rolled up. Never empty.
    pub(crate) delimiter: Option<String>,
    pub(crate) resume: Option<Resume>,
    /// Most entries (keys and common prefixes together).
    pub(crate) max_keys: usize,
}

/// One page.
#[derive(Debug, Default)]
pub(crate) struct Listing {
    pub(crate) objects: Vec<(String, ObjectInfo)>,
    pub(crate) common_prefixes: Vec<String>,
    /// Where the next page begins, if there is one.
    pub(crate) next: Option<Resume>,
}

impl Store {
    /// One page of the bucket.
    pub(crate) fn list(&self, bucket: &str, request: &ListingRequest) -> Result<Listing, StoreError> {
        self.require_bucket(bucket)?;
        if request.max_keys == 0 {
            return Ok(Listing::default());
        }
        let mut page = Page { store: self, bucket, request, listing: Listing::default(), last: None };
        let folder = self.bucket_folder(bucket);
        let _ = walk(&folder, "", &mut page)?;
        Ok(page.listing)
    }

    /// Names of the folders right below `folder`, in order.
    pub(crate) fn folders(&self, bucket: &str, folder: &str) -> io::Result<Vec<String>> {
        let found = entries(&self.bucket_folder(bucket).join(folder))?;
        let name =
            |(name, is_folder): (String, bool)| is_folder.then(|| name.trim_end_matches('/').to_owned());
        Ok(found.into_iter().filter_map(name).collect())
    }
}

struct Page<'a> {
    store: &'a Store,
    bucket: &'a str,
    request: &'a ListingRequest,
    listing: Listing,
    /// The last entry of this page.
    last: Option<Resume>,
}

impl Page<'_> {
    fn is_full(&self) -> bool {
        self.listing.objects.len() + self.listing.common_prefixes.len() >= self.request.max_keys
    }

    fn is_before_page(&self, key: &str) -> bool {
        self.request.resume.as_ref().is_some_and(|resume| resume.covers(key))
    }

    /// The common prefix that the key is rolled up into.
    fn rolled_up<'k>(&self, key: &'k str) -> Option<&'k str> {
        let delimiter = self.request.delimiter.as_deref()?;
        let start = self.request.prefix.len();
        let found = key.get(start..)?.find(delimiter)?;
        key.get(..start + found + delimiter.len())
    }

    fn add_object(&mut self, key: String) -> io::Result<()> {
        match self.store.head(self.bucket, &key) {
            Ok(info) => {
                self.last = Some(Resume::AfterKey(key.clone()));
                self.listing.objects.push((key, info));
                Ok(())
            }
            Err(StoreError::Io(error)) => Err(error),
            // Deleted since the folder was read, or a foreign file that is no object.
            Err(_) => Ok(()),
        }
    }
}

impl Resume {
    fn covers(&self, key: &str) -> bool {
        match self {
            Self::AfterKey(last) => key <= last.as_str(),
            Self::AfterPrefix(last) => key <= last.as_str() || key.starts_with(last.as_str()),
        }
    }

    /// Whether every key that begins with `prefix` is covered.
    fn covers_all(&self, prefix: &str) -> bool {
        match self {
            Self::AfterKey(last) => prefix <= last.as_str() && !last.starts_with(prefix),
            Self::AfterPrefix(last) => {
                prefix.starts_with(last.as_str()) || (prefix <= last.as_str() && !last.starts_with(prefix))
            }
        }
    }
}

impl Visitor for Page<'_> {
    fn wants(&self, prefix: &str) -> bool {
        let wanted = &self.request.prefix;
        let compatible = prefix.starts_with(wanted.as_str()) || wanted.starts_with(prefix);
        let before = self.request.resume.as_ref().is_some_and(|resume| resume.covers_all(prefix));
        let listed = matches!(&self.last, Some(Resume::AfterPrefix(last)) if prefix.starts_with(last));
        compatible && !before && !listed
    }

    fn key(&mut self, key: String) -> io::Result<ControlFlow<()>> {
        if !key.starts_with(&self.request.prefix) || self.is_before_page(&key) {
            return Ok(ControlFlow::Continue(()));
        }
        let rolled_up = self.rolled_up(&key).map(str::to_owned);
        if let (Some(prefix), Some(Resume::AfterPrefix(last))) = (&rolled_up, &self.last)
            && prefix == last
        {
            return Ok(ControlFlow::Continue(()));
        }
        if self.is_full() {
            self.listing.next = self.last.clone();
            return Ok(ControlFlow::Break(()));
        }
        match rolled_up {
            Some(prefix) => {
                self.last = Some(Resume::AfterPrefix(prefix.clone()));
                self.listing.common_prefixes.push(prefix);
            }
            None => self.add_object(key)?,
        }
        Ok(ControlFlow::Continue(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::condition::WriteCondition;
    use crate::store::Attributes;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    /// Two folder levels, with names around `/` in byte order.
    const KEYS: [&str; 10] =
        ["a.txt", "a/1", "a/2", "a0", "b/c/1", "b/c/2", "b/d", "é/1", "z", "é/\u{10000}"];

    fn store() -> (tempfile::TempDir, Store) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path().into()).unwrap();
        store.create_bucket("records").unwrap();
        for key in KEYS {
            store.put("records", key, b"", Attributes::default(), &WriteCondition::Always).unwrap();
        }
        (folder, store)
    }

    /// The definition, over a sorted list in memory.
    fn expected(request: &ListingRequest) -> (Vec<String>, Vec<String>) {
        let keys: BTreeSet<&str> = KEYS.into_iter().collect();
        let (mut objects, mut prefixes) = (Vec::new(), Vec::<String>::new());
        for key in keys.into_iter().filter(|key| key.starts_with(&request.prefix)) {
            let rest = &key[request.prefix.len()..];
            match request.delimiter.as_ref().and_then(|d| Some(rest.find(d.as_str())? + d.len())) {
                Some(end) => prefixes.push(format!("{}{}", request.prefix, &rest[..end])),
                None => objects.push(key.to_owned()),
            }
        }
        prefixes.dedup();
        (objects, prefixes)
    }

    proptest! {
        #[test]
        fn pages_of_any_size_join_to_the_whole_listing(
            prefix in prop::sample::select(vec!["", "a", "a/", "b", "b/", "b/c", "é", "none", "zz"]),
            delimiter in prop::sample::select(vec![None, Some("/"), Some("c/"), Some("."), Some("1")]),
            max_keys in 1usize..5,
        ) {
            let (_folder, store) = store();
            let mut request = ListingRequest {
                prefix: prefix.into(), delimiter: delimiter.map(str::to_owned), resume: None, max_keys,
            };
            let (mut objects, mut prefixes) = (Vec::new(), Vec::new());
            loop {
                let page = store.list("records", &request).unwrap();
                prop_assert!(page.objects.len() + page.common_prefixes.len() <= max_keys);
                objects.extend(page.objects.into_iter().map(|(key, _)| key));
                prefixes.extend(page.common_prefixes);
                request.resume = page.next;
                if request.resume.is_none() { break }
            }
            prop_assert_eq!((objects, prefixes), expected(&request));
        }

        #[test]
        fn a_listing_after_a_key_is_the_rest(index in 0usize..10) {
            let (_folder, store) = store();
            let mut keys = KEYS.to_vec();
            keys.sort();
            let resume = Some(Resume::AfterKey(keys[index].into()));
            let request = ListingRequest { resume, max_keys: 100, ..Default::default() };
            let page = store.list("records", &request).unwrap();
            let listed: Vec<String> = page.objects.into_iter().map(|(key, _)| key).collect();
            prop_assert_eq!(listed, keys[index + 1..].to_vec());
        }
    }
}
