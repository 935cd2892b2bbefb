//! The map of the book: searched, pressed, made larger, used by keys.

use serde_json::json;

use crate::author::Author;

/// The page that the phone shows lies in the part of the map that is seen.
const IN_SIGHT: &str = "(() => {
    const [view, box] = ['#map', '#map .here'].map(css => document.querySelector(css).getBoundingClientRect());
    return box.top >= view.top && box.bottom <= view.bottom && box.left >= view.left && box.right <= view.right;
})()";

pub async fn it_is_searched_pressed_and_used_by_keys(author: &Author) {
    author.starts_over().await;
    let window = &author.window;
    let lit = async || window.eval("[...document.querySelectorAll('#map .here')].map(one => one.dataset.page)").await;
    assert_eq!(lit().await, json!(["home"]));

    window.type_into("Find a page", "lift").await;
    window.wait_until("hits", "document.querySelectorAll('#map .hit').length > 0").await;
    let hits = window.texts("#map .hit title").await;
    assert!(hits.len() < 20 && hits.iter().any(|hit| hit.starts_with("lifting")), "{hits:?}");
    assert!(window.text("#hits").await.starts_with(&hits.len().to_string()));
    author.does(async || window.click("#map [data-page='lifting']").await).await;
    assert_eq!((author.here().await.as_str(), lit().await), ("lifting", json!(["lifting"])));
    window.type_into("Find a page", "pillows").await;
    author.does(async || window.press_key("Enter").await).await;
    assert_eq!((author.here().await.as_str(), lit().await), ("pillows", json!(["pillows"])));

    let wide = async || window.eval("document.querySelector('#map svg').getBoundingClientRect().width").await.as_f64().unwrap();
    let before = wide().await;
    window.click("Larger").await;
    let larger = wide().await;
    window.click("Smaller").await;
    assert!(larger > before && wide().await < larger, "{before} {larger}");
    window.click("All").await;
    let room = window.eval("document.querySelector('#map').clientWidth").await.as_f64().unwrap();
    assert!(wide().await <= room);
    window.click("Here").await;
    window.wait_until("the page in sight", IN_SIGHT).await;

    window.eval("document.querySelector('#map [data-page=\"sleep\"]').focus()").await;
    author.does(async || window.press_key("Enter").await).await;
    assert_eq!((author.here().await.as_str(), lit().await), ("sleep", json!(["sleep"])));
    // The tabs are gone through with the arrows.
    window.eval("document.querySelector('#tab-map').focus()").await;
    window.press_key("ArrowRight").await;
    let is_next = "document.activeElement.id === 'tab-problems' && !document.querySelector('#panel-problems').hidden";
    window.wait_until("the next view", is_next).await;
    // The phone goes on meanwhile; the map has followed when it is looked at again.
    author.types("/start weekly").await;
    author.looks_at("map").await;
    assert_eq!(lit().await, json!(["weekly"]));
    window.wait_until("the page in sight", IN_SIGHT).await;
    author.has_no_complaints().await;
}
