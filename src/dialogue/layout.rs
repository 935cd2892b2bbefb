//! Which buttons share a row on a phone, and how much of a label a row shows.

use unicode_width::UnicodeWidthStr;

/// How wide a label may be before Telegram cuts its end off, by the number of buttons in its row. A phone 390 points wide, as most are,
/// shows about 45 letters of the usual size across a message; each button takes the room of two or three for its edges, and letters
/// differ in width. An emoji takes the room of two.
const ROOM: [usize; 8] = [40, 20, 12, 9, 7, 5, 4, 3];
/// Beside a fixed row, these are as many rows as one sees without scrolling.
const MOST_ROWS: usize = 7;

/// How wide the labels may be in a row of so many buttons.
pub fn room(in_row: usize) -> usize {
    ROOM.get(in_row.saturating_sub(1)).copied().unwrap_or(1)
}

/// [`pack`] for a list that is as long as it is: where a label would be cut, it takes more rows than `limit`.
pub(super) fn spread(labels: &[&str], limit: usize) -> Vec<usize> {
    let fits = |rows: &Vec<usize>| {
        let rooms = rows.iter().flat_map(|row| std::iter::repeat_n(room(*row), *row));
        labels.iter().zip(rooms).all(|(label, room)| label.width() <= room)
    };
    let more = (limit..=MOST_ROWS).map(|rows| pack(labels, rows)).find(fits);
    more.unwrap_or_else(|| pack(labels, limit.max(MOST_ROWS)))
}

/// Cuts a list of labels into at most `limit` rows: rows of one while they fit, then neighbours share a row, shortest labels first,
/// then rows of equal length. Returns the length of each row.
pub(super) fn pack(labels: &[&str], limit: usize) -> Vec<usize> {
    let (count, limit) = (labels.len(), limit.max(1));
    if count <= limit {
        return vec![1; count];
    }
    if count > 2 * limit {
        let wide = count.div_ceil(limit).min(8);
        return (0..count).step_by(wide).map(|from| wide.min(count - from)).collect();
    }
    // The best set of `count - limit` pairs of neighbours has the narrowest widest pair.
    let width = |at: usize| labels[at].chars().count() + labels[at + 1].chars().count();
    let mut widths: Vec<usize> = (0..count - 1).map(width).collect();
    widths.sort_unstable();
    let pairs = widths.iter().find_map(|&widest| {
        let mut pairs = Vec::new();
        let mut at = 0;
        while at + 1 < count && pairs.len() < count - limit {
            if width(at) <= widest {
                pairs.push(at);
                at += 1;
            }
            at += 1;
        }
        (pairs.len() == count - limit).then_some(pairs)
    });
    let pairs = pairs.unwrap_or_default();
    let mut rows = Vec::new();
    let mut at = 0;
    while at < count {
        let row = if pairs.contains(&at) { 2 } else { 1 };
        rows.push(row);
        at += row;
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::{pack, room, spread};

    #[test]
    fn few_labels_have_a_row_each() {
        assert_eq!(pack(&["Yes", "Not sure", "None"], 3), [1, 1, 1]);
    }

    #[test]
    fn the_shortest_neighbours_share_a_row() {
        assert_eq!(pack(&["aaaa", "b", "c", "dddd"], 3), [1, 2, 1]);
    }

    #[test]
    fn a_long_list_takes_the_rows_that_its_labels_need() {
        let countries = ["England, Scotland or Wales", "Northern Ireland", "Ireland", "Canada", "India", "France", "Spain"];
        assert_eq!(pack(&countries, 3), [3, 3, 1]);
        let rows = spread(&countries, 3);
        assert_eq!(rows[0], 1, "{rows:?}");
        assert!(rows.iter().all(|row| *row <= 3 && room(*row) >= 12), "{rows:?}");
        assert_eq!(
            spread(&["Monday", "Tuesday", "Wednesday", "Thursday"], 3),
            pack(&["Monday", "Tuesday", "Wednesday", "Thursday"], 3)
        );
        // Nothing helps a label that is too long for a whole row.
        assert_eq!(spread(&["x".repeat(90).as_str(); 3], 3), [1, 1, 1]);
    }

    #[test]
    fn every_label_has_its_place() {
        for count in 0..40 {
            for limit in 0..6 {
                let labels = vec!["label"; count];
                assert_eq!(pack(&labels, limit).iter().sum::<usize>(), count);
                assert!(pack(&labels, limit).iter().all(|row| (1..=8).contains(row)));
            }
        }
    }
}
