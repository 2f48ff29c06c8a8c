//! Paints egui's triangles on the processor, so that pictures need no graphics card and look the same everywhere.

use std::collections::HashMap;

use egui::{
    Color32, TextureId, TexturesDelta,
    epaint::{ImageData, Mesh, Primitive, Vertex},
};
use egui_kittest::TestRenderer;

/// Premultiplied red, green, blue and opacity, from 0 to 1.
type Rgba = [f32; 4];

struct Texture {
    width: usize,
    height: usize,
    pixels: Vec<Color32>,
}

/// A renderer for test harnesses.
#[derive(Default)]
pub struct SoftRenderer {
    textures: HashMap<TextureId, Texture>,
}

impl TestRenderer for SoftRenderer {
    fn handle_delta(&mut self, delta: &mut TexturesDelta) {
        for (id, images) in delta.set.drain() {
            for part in images {
                let ImageData::Color(image) = &part.image;
                let [width, height] = image.size;
                let Some([left, top]) = part.pos else {
                    self.textures.insert(id, Texture { width, height, pixels: image.pixels.clone() });
                    continue;
                };
                let texture = self.textures.get_mut(&id).expect("a part of a known texture");
                for row in 0..height {
                    let to = (top + row) * texture.width + left;
                    let from = row * width;
                    texture.pixels[to..to + width].copy_from_slice(&image.pixels[from..from + width]);
                }
            }
        }
        for id in delta.free.drain() {
            self.textures.remove(&id);
        }
    }

    fn render(
        &mut self,
        context: &egui::Context,
        output: &egui::FullOutput,
    ) -> Result<image::RgbaImage, String> {
        let scale = context.pixels_per_point();
        let size = context.content_rect().size() * scale;
        let mut canvas = Canvas::new(size.x.round() as usize, size.y.round() as usize);
        for clipped in context.tessellate(output.shapes.clone(), scale) {
            let Primitive::Mesh(mesh) = &clipped.primitive else {
                return Err("paint callbacks cannot be drawn without a graphics card".to_owned());
            };
            let texture = self.textures.get(&mesh.texture_id).ok_or("a mesh with an unknown texture")?;
            canvas.draw(mesh, texture, clipped.clip_rect, scale);
        }
        Ok(canvas.into_image())
    }
}

struct Canvas {
    width: usize,
    height: usize,
    pixels: Vec<Rgba>,
}

impl Canvas {
    fn new(width: usize, height: usize) -> Self {
        Self { width, height, pixels: vec![[0.0; 4]; width * height] }
    }

    fn draw(&mut self, mesh: &Mesh, texture: &Texture, clip: egui::Rect, scale: f32) {
        let pixel = |points: f32, most: usize| ((points * scale).round().max(0.0) as usize).min(most);
        let columns = pixel(clip.min.x, self.width)..pixel(clip.max.x, self.width);
        let rows = pixel(clip.min.y, self.height)..pixel(clip.max.y, self.height);
        for corners in mesh.indices.chunks_exact(3) {
            let corners = [0, 1, 2].map(|corner| mesh.vertices[corners[corner] as usize]);
            self.triangle(corners, texture, &columns, &rows, scale);
        }
    }

    fn triangle(
        &mut self,
        mut corners: [Vertex; 3],
        texture: &Texture,
        columns: &std::ops::Range<usize>,
        rows: &std::ops::Range<usize>,
        scale: f32,
    ) {
        let place = |vertex: &Vertex| (f64::from(vertex.pos.x * scale), f64::from(vertex.pos.y * scale));
        let twice_area =
            |corners: &[Vertex; 3]| edge(place(&corners[0]), place(&corners[1]), place(&corners[2]));
        if twice_area(&corners) < 0.0 {
            corners.swap(1, 2);
        }
        let area = twice_area(&corners);
        if area <= 0.0 {
            return;
        }
        let at = [place(&corners[0]), place(&corners[1]), place(&corners[2])];
        let least = |part: fn(&(f64, f64)) -> f64| at.iter().map(part).fold(f64::INFINITY, f64::min);
        let most = |part: fn(&(f64, f64)) -> f64| at.iter().map(part).fold(f64::NEG_INFINITY, f64::max);
        let span = |low: f64, high: f64, range: &std::ops::Range<usize>| {
            let low = (low.floor().max(0.0) as usize).max(range.start);
            low..(high.ceil().max(0.0) as usize).min(range.end)
        };
        // A pixel on an edge that two triangles share belongs to one of them: the one below or right of it.
        let owns = |from: (f64, f64), to: (f64, f64)| to.1 < from.1 || (to.1 <= from.1 && to.0 > from.0);
        let edges = [(at[1], at[2]), (at[2], at[0]), (at[0], at[1])];
        let owned = edges.map(|(from, to)| owns(from, to));
        for y in span(least(|it| it.1), most(|it| it.1), rows) {
            for x in span(least(|it| it.0), most(|it| it.0), columns) {
                let middle = (x as f64 + 0.5, y as f64 + 0.5);
                let inside = edges.map(|(from, to)| edge(from, to, middle));
                if (0..3).any(|side| inside[side] < 0.0 || (inside[side] == 0.0 && !owned[side])) {
                    continue;
                }
                let shares = inside.map(|part| (part / area) as f32);
                let source = shade(&corners, shares, texture);
                let target = &mut self.pixels[y * self.width + x];
                for channel in 0..4 {
                    target[channel] = source[channel] + target[channel] * (1.0 - source[3]);
                }
            }
        }
    }

    fn into_image(self) -> image::RgbaImage {
        let byte = |value: f32| (value * 255.0).round().clamp(0.0, 255.0) as u8;
        let bytes = self.pixels.iter().flat_map(|pixel| pixel.map(byte)).collect();
        image::RgbaImage::from_raw(self.width as u32, self.height as u32, bytes)
            .expect("one pixel for each place")
    }
}

/// Twice the area of the triangle `a`, `b`, `c`, positive where `c` lies to the right of the way from `a` to `b`.
fn edge(a: (f64, f64), b: (f64, f64), c: (f64, f64)) -> f64 {
    (b.0 - a.0) * (c.1 - a.1) - (b.1 - a.1) * (c.0 - a.0)
}

/// The color of a point of a triangle: the corners' colors and the texture, mixed by the point's distances.
fn shade(corners: &[Vertex; 3], shares: [f32; 3], texture: &Texture) -> Rgba {
    let mix = |part: &dyn Fn(&Vertex) -> f32| -> f32 {
        (0..3).map(|corner| shares[corner] * part(&corners[corner])).sum()
    };
    let u = mix(&|vertex| vertex.uv.x) * texture.width as f32 - 0.5;
    let v = mix(&|vertex| vertex.uv.y) * texture.height as f32 - 0.5;
    let (left, top) = (u.floor(), v.floor());
    let (right_share, bottom_share) = (u - left, v - top);
    let texel = |right: f32, down: f32| {
        let column = ((left + right).max(0.0) as usize).min(texture.width - 1);
        let row = ((top + down).max(0.0) as usize).min(texture.height - 1);
        texture.pixels[row * texture.width + column].to_array().map(|byte| f32::from(byte) / 255.0)
    };
    let quarters = [texel(0.0, 0.0), texel(1.0, 0.0), texel(0.0, 1.0), texel(1.0, 1.0)];
    std::array::from_fn(|channel| {
        let color = mix(&|vertex| f32::from(vertex.color.to_array()[channel]) / 255.0);
        let upper = quarters[0][channel] * (1.0 - right_share) + quarters[1][channel] * right_share;
        let lower = quarters[2][channel] * (1.0 - right_share) + quarters[3][channel] * right_share;
        color * (upper * (1.0 - bottom_share) + lower * bottom_share)
    })
}
