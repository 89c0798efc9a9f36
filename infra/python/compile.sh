#!/bin/sh
# Writes requirements.lock and uv-bootstrap.lock anew, with whatever package index this machine uses.
# Run after a change of requirements.in, overrides.txt or the version below (also UV_VERSION in infra/install/uv.ts).
set -eu
cd "$(dirname "$0")"
common="--universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links --quiet"
# What overrides.txt excludes would still be listed, under a condition that is never true.
excluded=$(sed -n "s/^\([a-z0-9-]*\); sys_platform == 'never'$/--no-emit-package \1/p" overrides.txt)
# shellcheck disable=SC2086
uv pip compile $common $excluded --override overrides.txt --output-file requirements.lock requirements.in
# shellcheck disable=SC2086
echo 'uv==0.13.9' | uv pip compile $common --output-file uv-bootstrap.lock -
