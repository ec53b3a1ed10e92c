//! The `view!` macro of the app. It reads what Leptos' `view!` reads, with the same parser, and
//! writes calls on `crate::view::View`, of which there is only one type. Why: see `view.rs`.
//!
//! | written | means |
//! | --- | --- |
//! | `<p>"text" {expression}</p>` | an element, a text, anything that is `IntoView` |
//! | `name=expression`, `name` | an attribute; `None` and `false` leave it out, a bare name sets it |
//! | `class:name=expression` | a class that is there while the expression is true |
//! | `prop:name=expression` | a property of the element |
//! | `on:event=handler` | what happens at an event |
//! | `inner_html=expression` | markup of the page's own, never anybody's text |
//! | `node_ref=slot` | where the element is put for the code |

use proc_macro2::TokenStream;
use quote::quote;
use rstml::node::{KeyedAttribute, Node, NodeAttribute, NodeElement};

/// Builds a [`View`](../app/view/struct.View.html) from markup.
#[proc_macro]
pub fn view(tokens: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let nodes = match rstml::parse2(tokens.into()) {
        Ok(nodes) => nodes,
        Err(error) => return error.to_compile_error().into(),
    };
    let view = match nodes.as_slice() {
        [Node::Element(element)] => write_element(element),
        nodes => {
            let children = nodes.iter().map(write_child);
            quote! { crate::view::View::many() #(.child(#children))* }
        }
    };
    view.into()
}

fn write_element(element: &NodeElement<impl rstml::node::CustomNode>) -> TokenStream {
    let tag = element.name().to_string();
    let attributes = element
        .attributes()
        .iter()
        .map(|attribute| match attribute {
            NodeAttribute::Attribute(attribute) => write_attribute(attribute),
            NodeAttribute::Block(block) => error(block, "an attribute has a name"),
        });
    let children = element.children().iter().map(write_child);
    quote! { crate::view::View::element(#tag) #(#attributes)* #(.child(#children))* }
}

fn write_attribute(attribute: &KeyedAttribute) -> TokenStream {
    let key = attribute.key.to_string();
    let value = attribute
        .value()
        .map_or_else(|| quote! { true }, |value| quote! { #value });
    match key.split_once(':') {
        Some(("on", event)) => quote! { .on(#event, #value) },
        Some(("prop", name)) => quote! { .property(#name, #value) },
        Some(("class", name)) => quote! { .toggle(#name, #value) },
        _ if key == "node_ref" => quote! { .put_in(#value) },
        _ if key == "inner_html" => quote! { .inner_html(#value) },
        _ => quote! { .attribute(#key, #value) },
    }
}

fn write_child(node: &Node<impl rstml::node::CustomNode>) -> TokenStream {
    match node {
        Node::Element(element) => write_element(element),
        Node::Text(text) => {
            let text = text.value_string();
            quote! { #text }
        }
        Node::Block(block) => quote! { #[allow(unused_braces)] #block },
        other => error(other, "an element, a quoted text or a block in braces"),
    }
}

fn error(at: &impl quote::ToTokens, message: &str) -> TokenStream {
    syn::Error::new_spanned(at, message).to_compile_error()
}
