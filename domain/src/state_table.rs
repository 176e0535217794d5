//! State tables as a school would draw them: a row for every state, a column for every decision, and in the cell
//! the state that follows, or `-` where the decision is not open.

/// One cell: in this state, this decision leads there, or nowhere.
pub struct Cell {
    pub state: &'static str,
    pub decision: &'static str,
    pub next: Option<&'static str>,
}

/// The cells of a table whose first line names the decisions.
pub fn cells(table: &'static str) -> Vec<Cell> {
    let mut lines = table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>()).filter(|words| !words.is_empty());
    let decisions = lines.next().unwrap();
    lines
        .flat_map(|row| {
            assert_eq!(row.len(), decisions.len() + 1, "{row:?}");
            let state = row[0];
            let cell = move |(decision, next): (&'static str, &'static str)| Cell {
                state,
                decision,
                next: (next != "-").then_some(next),
            };
            decisions.clone().into_iter().zip(row.into_iter().skip(1)).map(cell).collect::<Vec<_>>()
        })
        .collect()
}
