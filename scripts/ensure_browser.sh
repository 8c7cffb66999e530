#!/bin/sh
# The tests marked "browser" need a Chromium and a Chinese font of the system: find them, install
# them where that is allowed, or stop with the one line to type.
set -eu

find_browser() {
    if [ -n "${CHROMIUM:-}" ]; then
        [ -x "$CHROMIUM" ]
        return
    fi
    for name in chromium chromium-browser google-chrome; do
        command -v "$name" >/dev/null 2>&1 && return
    done
    return 1
}

find_font() {
    command -v fc-list >/dev/null 2>&1 && [ -n "$(fc-list :lang=zh family)" ]
}

if find_browser && find_font; then
    exit 0
fi

line='apt-get update && apt-get install -y --no-install-recommends chromium fonts-noto-cjk fontconfig'

if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "The tests print Chinese pages in a browser; Chromium or a Chinese font is missing here." >&2
    echo "Type:  sudo sh -c '$line'" >&2
    exit 1
fi

echo "Installing Chromium and a Chinese font from the system's packages (once) ..." >&2
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
if ! sh -c "$line" >"$log" 2>&1; then
    cat "$log" >&2
    echo "That did not work. Type:  $line" >&2
    exit 1
fi
rm -f "$log"
find_browser && find_font
