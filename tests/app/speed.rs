//! Large catalogs: nothing is laid out or written that nobody sees. What a frame costs, `cargo bench` shows.

use egui::accesskit::Role;
use egui_kittest::kittest::Queryable as _;
use rigwise::app::{Command, Options};

use crate::{
    many,
    support::{open, options},
};

#[test]
fn of_many_machines_the_one_that_is_hovered_says_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("many.ron");
    std::fs::write(&path, many::presets(2500)).unwrap();
    let mut window = open(Options { paths: vec![path], ..options(None) });
    let state = &window.state().state;
    let marks = &state.results.figure.marks;
    assert!(marks.len() > 1000 && marks.iter().all(|mark| mark.tip.details.is_empty()));
    let (id, name) = (marks[0].id.to_string(), marks[0].full_name.clone());
    window.state_mut().state.handle(Command::Hover(Some(id.clone())));
    window.step();
    let (hovered, tip) = window.state().state.plot_view.late_tip.clone().unwrap();
    assert_eq!((hovered, &tip.heading), (id, &name));
    assert!(tip.details.iter().any(|(name, _)| *name == "Price"), "{tip:?}");
}

#[test]
fn the_table_lays_out_only_what_is_in_view() {
    let window = crate::support::open(options(None));
    let rows = crate::support::table(&window);
    let laid_out =
        rows.iter().filter(|name| window.query_by_role_and_label(Role::Button, name).is_some()).count();
    assert!(laid_out > 3 && laid_out < 30, "{laid_out} of {}", rows.len());
}
