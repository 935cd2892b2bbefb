//! What Telegram takes for a webhook: addresses and secrets. Neither is repeated in a finding.

/// Telegram's own servers call https alone, at these ports.
const PORTS: [&str; 4] = ["443", "80", "88", "8443"];

/// Whether updates can be brought to this address. A Bot API server of the operator's own also calls http, and any port; and so does
/// anybody on this machine.
pub fn check_webhook_url(url: &str, api_is_telegrams: bool) -> Result<(), String> {
    let (scheme, rest) = url.split_once("://").unwrap_or_default();
    let host = rest.split('/').next().unwrap_or_default();
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if !port.ends_with(']') => (name, Some(port)),
        _ => (host, None),
    };
    let is_secure = scheme.eq_ignore_ascii_case("https");
    let is_strict = api_is_telegrams && !["localhost", "127.0.0.1", "[::1]"].contains(&name);
    let is_clean = !url.contains(|c: char| c.is_whitespace() || matches!(c, '?' | '#' | '@'));
    let is_port = port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0));
    if !(is_secure || scheme.eq_ignore_ascii_case("http")) || name.is_empty() || !is_clean || !is_port {
        return Err(
            "is no address for a webhook; write one like https://bot.example.org/ with a path that nobody guesses".into()
        );
    }
    if is_strict && !is_secure {
        return Err(
            "is not https, and Telegram brings updates to https alone; put a proxy with a certificate before the bot".into()
        );
    }
    if is_strict && port.is_some_and(|port| !PORTS.contains(&port)) {
        return Err("names a port that Telegram does not call; take 443, 80, 88 or 8443, at the proxy before the bot".into());
    }
    Ok(())
}

pub fn check_webhook_secret(secret: &str) -> Result<(), String> {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    if secret.is_empty() || secret.len() > 256 || !secret.bytes().all(is_allowed) {
        let told = "is no secret that Telegram takes: 1 to 256 of A-Z, a-z, 0-9, _ and -; make one with: openssl rand -hex 32";
        return Err(told.into());
    }
    Ok(())
}
