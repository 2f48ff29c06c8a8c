//! Draws egui's triangles on the CPU, so that pictures need no GPU and come out alike on every machine.

use std::collections::HashMap;

use egui::{
    Color32, TextureId, TexturesDelta,
    epaint::{ImageData, Primitive, Vertex},
};

#[derive(Default)]
pub struct SoftRenderer {
    textures: HashMap<TextureId, Texture>,
}

struct Texture {
    width: usize,
    height: usize,
    pixels: Vec<Color32>,
}

impl Texture {
    fn texel(&self, x: i64, y: i64) -> [f32; 4] {
        let x = x.clamp(0, self.width as i64 - 1) as usize;
        let y = y.clamp(0, self.height as i64 - 1) as usize;
        self.pixels[y * self.width + x].to_array().map(|channel| f32::from(channel) / 255.0)
    }

    /// Bilinear, as GPUs do.
    fn sample(&self, u: f32, v: f32) -> [f32; 4] {
        let (x, y) = (u * self.width as f32 - 0.5, v * self.height as f32 - 0.5);
        let (left, top) = (x.floor(), y.floor());
        let (right_share, bottom_share) = (x - left, y - top);
        let at = |dx: i64, dy: i64| self.texel(left as i64 + dx, top as i64 + dy);
        let corners = [at(0, 0), at(1, 0), at(0, 1), at(1, 1)];
        std::array::from_fn(|channel| {
            let upper = corners[0][channel] * (1.0 - right_share) + corners[1][channel] * right_share;
            let lower = corners[2][channel] * (1.0 - right_share) + corners[3][channel] * right_share;
            upper * (1.0 - bottom_share) + lower * bottom_share
        })
    }
}

impl egui_kittest::TestRenderer for SoftRenderer {
    fn handle_delta(&mut self, delta: &mut TexturesDelta) {
        for (id, images) in delta.set.drain() {
            for part in images {
                let ImageData::Color(image) = &part.image;
                let [width, height] = image.size;
                match part.pos {
                    None => {
                        let pixels = image.pixels.clone();
                        self.textures.insert(id, Texture { width, height, pixels });
                    }
                    Some([left, top]) => {
                        let texture = self.textures.get_mut(&id).expect("a texture to update");
                        for y in 0..height {
                            let from = (top + y) * texture.width + left;
                            texture.pixels[from..from + width]
                                .copy_from_slice(&image.pixels[y * width..(y + 1) * width]);
                        }
                    }
                }
            }
        }
        for id in delta.free.drain() {
            self.textures.remove(&id);
        }
    }

    fn render(&mut self, ctx: &egui::Context, out: &egui::FullOutput) -> Result<image::RgbaImage, String> {
        let scale = ctx.pixels_per_point();
        let size = ctx.content_rect().size() * scale;
        let (width, height) = (size.x.round() as usize, size.y.round() as usize);
        let mut frame = Frame { width, pixels: vec![[0.0; 4]; width * height] };
        for clipped in ctx.tessellate(out.shapes.clone(), scale) {
            let Primitive::Mesh(mesh) = &clipped.primitive else {
                return Err("paint callbacks are not supported".to_owned());
            };
            let texture = self.textures.get(&mesh.texture_id).ok_or("missing texture")?;
            let pixel = |point: f32, most: usize| ((point * scale).round().max(0.0) as usize).min(most);
            let rect = clipped.clip_rect;
            let clip = [
                pixel(rect.min.x, width),
                pixel(rect.min.y, height),
                pixel(rect.max.x, width),
                pixel(rect.max.y, height),
            ];
            for corners in mesh.indices.chunks_exact(3) {
                let vertices = std::array::from_fn(|index| mesh.vertices[corners[index] as usize]);
                frame.triangle(clip, scale, vertices, texture);
            }
        }
        let mut image = image::RgbaImage::new(width as u32, height as u32);
        for (pixel, color) in image.pixels_mut().zip(&frame.pixels) {
            pixel.0 = color.map(|channel| (channel * 255.0).round().clamp(0.0, 255.0) as u8);
        }
        Ok(image)
    }
}

struct Frame {
    width: usize,
    pixels: Vec<[f32; 4]>,
}

type Point = (f64, f64);

fn edge(a: Point, b: Point, p: Point) -> f64 {
    (b.0 - a.0) * (p.1 - a.1) - (b.1 - a.1) * (p.0 - a.0)
}

/// Pixels on an edge belong to one of the triangles that share it: the one of which it is the top or left.
fn is_top_left(a: Point, b: Point) -> bool {
    (a.1 == b.1 && b.0 > a.0) || b.1 < a.1
}

impl Frame {
    fn triangle(&mut self, clip: [usize; 4], scale: f32, mut corners: [Vertex; 3], texture: &Texture) {
        let place = |vertex: &Vertex| (f64::from(vertex.pos.x * scale), f64::from(vertex.pos.y * scale));
        let area = edge(place(&corners[0]), place(&corners[1]), place(&corners[2]));
        if area == 0.0 {
            return;
        }
        if area < 0.0 {
            corners.swap(1, 2);
        }
        let area = area.abs();
        let points = corners.each_ref().map(place);
        let xs = points.map(|point| point.0);
        let ys = points.map(|point| point.1);
        let low = |values: [f64; 3], least: usize| {
            values.into_iter().fold(f64::INFINITY, f64::min).floor().max(least as f64) as usize
        };
        let high = |values: [f64; 3], most: usize| {
            values.into_iter().fold(f64::NEG_INFINITY, f64::max).ceil().clamp(0.0, most as f64) as usize
        };
        let edges = [(points[1], points[2]), (points[2], points[0]), (points[0], points[1])];
        for y in low(ys, clip[1])..high(ys, clip[3]) {
            for x in low(xs, clip[0])..high(xs, clip[2]) {
                let at = (x as f64 + 0.5, y as f64 + 0.5);
                let weights = edges.map(|(a, b)| edge(a, b, at));
                let outside = weights
                    .iter()
                    .zip(&edges)
                    .any(|(weight, (a, b))| *weight < 0.0 || (*weight == 0.0 && !is_top_left(*a, *b)));
                if !outside {
                    let weights = weights.map(|weight| (weight / area) as f32);
                    self.blend(x, y, shade(&corners, weights, texture));
                }
            }
        }
    }

    /// Source over destination, with colors premultiplied by alpha.
    fn blend(&mut self, x: usize, y: usize, source: [f32; 4]) {
        let pixel = &mut self.pixels[y * self.width + x];
        for (channel, value) in pixel.iter_mut().zip(source) {
            *channel = value + *channel * (1.0 - source[3]);
        }
    }
}

fn shade(corners: &[Vertex; 3], weights: [f32; 3], texture: &Texture) -> [f32; 4] {
    let sum = |of: fn(&Vertex) -> f32| {
        corners.iter().zip(weights).map(|(vertex, weight)| of(vertex) * weight).sum::<f32>()
    };
    let texel = texture.sample(sum(|vertex| vertex.uv.x), sum(|vertex| vertex.uv.y));
    std::array::from_fn(|channel| {
        let color: f32 = corners
            .iter()
            .zip(weights)
            .map(|(vertex, weight)| f32::from(vertex.color.to_array()[channel]) / 255.0 * weight)
            .sum();
        texel[channel] * color
    })
}
