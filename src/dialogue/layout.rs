//! Which buttons share a row on a phone.

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
    use super::pack;

    #[test]
    fn few_labels_have_a_row_each() {
        assert_eq!(pack(&["Yes", "Not sure", "None"], 3), [1, 1, 1]);
    }

    #[test]
    fn the_shortest_neighbours_share_a_row() {
        assert_eq!(pack(&["aaaa", "b", "c", "dddd"], 3), [1, 2, 1]);
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
