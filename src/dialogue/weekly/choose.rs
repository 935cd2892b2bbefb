//! Which tip: it fits the week, and none comes again before all that fit were seen.

use jiff::civil::Date;

use super::{Policy, Subscription, Tip, Tips};
use crate::dialogue::Hash;

/// The week on a day; `None` where none is kept or the day lies before it.
pub fn week_on(subscription: &Subscription, day: Date) -> Option<u8> {
    let zero = subscription.week_zero?;
    u8::try_from(zero.until(day).ok()?.get_days() / 7).ok()
}

/// Whether the tip of this day is the last one.
pub(crate) fn is_last(policy: &Policy, subscription: &Subscription, day: Date) -> bool {
    match week_on(subscription, day) {
        Some(week) => week >= policy.last_week,
        None => subscription.sent + 1 >= policy.most,
    }
}

/// The tip for a reader on a day: among those that fit, one that was seen least often; of those, one that fits this week better than
/// any week, then by a hash, so that readers do not all get the same. `seen` are ids in the order they were sent. `None` only if no tip
/// fits.
pub fn choose<'t>(
    tips: &'t Tips,
    subscription: &Subscription,
    reader: u64,
    day: Date,
    seen: &[String],
) -> Option<(&'t str, &'t Tip)> {
    let week = week_on(subscription, day);
    let fits = |tip: &Tip| match (tip.weeks, week) {
        _ if tip.withdrawn => false,
        (None, _) => true,
        (Some(_), None) => false,
        (Some(weeks), Some(week)) => weeks.includes(week),
    };
    let mut known = vec![(0, 0); tips.tips.len()];
    for (at, id) in (1_usize..).zip(seen) {
        let place = tips.tips.get_index_of(id).and_then(|place| known.get_mut(place));
        if let Some((often, last)) = place {
            (*often, *last) = (*often + 1, at);
        }
    }
    let order = |id: &str| Hash::of(&format!("{reader} {id}"));
    let fitting = tips.tips.iter().zip(known).filter(|((_, tip), _)| fits(tip));
    let ranked = fitting.map(|((id, tip), (often, last))| ((often, tip.weeks.is_none(), last), id.as_str(), tip));
    let best = ranked.clone().map(|(rank, ..)| rank).min()?;
    let equals = ranked.filter(|(rank, ..)| *rank == best).map(|(_, id, tip)| (id, tip));
    equals.min_by_key(|(id, _)| order(id))
}
