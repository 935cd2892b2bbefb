//! How pages are named: by their place in today's book, and by a hash that outlives it.

/// A page's place in its book. Ids of one book mean nothing in another; what travels is the [`Hash`] of the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub u32);

/// 32 bits of an id, as they ride in buttons. The algorithm (XXH32, seed 0) must never change: buttons out in the world hold its
/// results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hash(pub u32);

impl Hash {
    pub fn of(id: &str) -> Hash {
        Hash(xxhash_rust::xxh32::xxh32(id.as_bytes(), 0))
    }
}

impl Default for NodeId {
    /// The first page: a place that every book with pages has.
    fn default() -> Self {
        NodeId(0)
    }
}
