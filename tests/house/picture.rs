//! The picture of the house: a row for each room, and a dot for each room that it imports.

use std::collections::BTreeSet;

/// A room, and its description.
pub struct Room {
    pub name: String,
    pub about: String,
}

const ROW: usize = 30;
const LEFT: usize = 16;
const TOP: usize = 100;
/// The left edge of the dots, to the right of names and descriptions.
const DOTS: usize = 470;

const STYLE: &str = "text { font-family: system-ui, 'DejaVu Sans', sans-serif; font-size: 13px; \
                     fill: #1D2733 } .name { font-weight: 600 } .about { fill: #5B6773 } .floor { \
                     fill: #F5F7F9 } .room { fill: #2A6F97 } .dot { fill: #1D2733 } .line { \
                     stroke: #DDE3E9 }";

/// An SVG. `floors` are the rooms from the top down; rooms on one level are one floor. Each import
/// is a dot with the title `jobs imports gdal`, by which the test reads the picture.
pub fn draw(floors: &[Vec<Room>], imports: &BTreeSet<(String, String)>) -> String {
    let rooms: Vec<&Room> = floors.iter().flatten().collect();
    let (width, height) = (DOTS + ROW * rooms.len() + LEFT, TOP + ROW * rooms.len() + 44);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         role=\"img\">\n<title>The rooms of the house</title>\n<style>{STYLE}</style>\n<rect \
         width=\"{width}\" height=\"{height}\" fill=\"#FFFFFF\"/>\n"
    );
    svg += &shaded(floors, width);
    for (row, from) in rooms.iter().enumerate() {
        svg += &line(row, rooms.len());
        svg += &head(from, row);
        for (column, to) in rooms.iter().enumerate() {
            if imports.contains(&(from.name.clone(), to.name.clone())) {
                svg += &dot(row, column, &from.name, &to.name);
            }
        }
    }
    svg + &format!(
        "<text class=\"about\" x=\"{LEFT}\" y=\"{}\">A dot: the room of its row imports the room \
         of its column. No dot is left of the blue squares: imports run downwards \
         only.</text>\n</svg>\n",
        height - 16
    )
}

/// Every second floor has a background.
fn shaded(floors: &[Vec<Room>], width: usize) -> String {
    let mut above = 0;
    let mut svg = String::new();
    for (number, floor) in floors.iter().enumerate() {
        if number % 2 == 0 {
            let (y, height) = (TOP + ROW * above, ROW * floor.len());
            let place = format!("y=\"{y}\" width=\"{width}\" height=\"{height}\"");
            svg += &format!("<rect class=\"floor\" {place}/>\n");
        }
        above += floor.len();
    }
    svg
}

/// The room's name and description at the left of its row, its name above its column, and its
/// square where row and column meet.
fn head(room: &Room, row: usize) -> String {
    let (x, y) = center(row, row);
    let Room { name, about } = room;
    format!(
        "<text class=\"name\" x=\"{LEFT}\" y=\"{text}\">{name}</text><text class=\"about\" \
         x=\"{words}\" y=\"{text}\">{about}</text><text class=\"name\" \
         transform=\"translate({x},{above}) rotate(-60)\">{name}</text><rect class=\"room\" \
         x=\"{left}\" y=\"{top}\" width=\"16\" height=\"16\" rx=\"3\"/>\n",
        text = y + 5,
        words = LEFT + 90,
        above = TOP - 8,
        left = x - 8,
        top = y - 8,
    )
}

/// From the room's square to the end of its row.
fn line(row: usize, n_rooms: usize) -> String {
    let (from, y) = center(row, row);
    let (to, _) = center(row, n_rooms - 1);
    format!("<line class=\"line\" x1=\"{from}\" y1=\"{y}\" x2=\"{to}\" y2=\"{y}\"/>\n")
}

fn dot(row: usize, column: usize, from: &str, to: &str) -> String {
    let (x, y) = center(row, column);
    let title = format!("<title>{from} imports {to}</title>");
    format!("<circle class=\"dot\" cx=\"{x}\" cy=\"{y}\" r=\"5\">{title}</circle>\n")
}

fn center(row: usize, column: usize) -> (usize, usize) {
    (DOTS + ROW * column + ROW / 2, TOP + ROW * row + ROW / 2)
}

/// The imports that a picture shows.
pub fn shown(svg: &str) -> BTreeSet<(String, String)> {
    let titles = svg.split("<title>").skip(1).filter_map(|rest| rest.split("</title>").next());
    let pairs = titles.filter_map(|title| title.split_once(" imports "));
    pairs.map(|(from, to)| (from.to_string(), to.to_string())).collect()
}
