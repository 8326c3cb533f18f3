#!/bin/sh
# How well does the tone of texts agree with people? FILE has a line per text: an id, what people said (-4 to 4), the
# text, with TABs between. Prints Pearson's r over all, and the share of right signs where people said 1 or more.
#
#     sh examples/bench/tone.sh FILE [LANGUAGE]
set -eu
file=$1 language=${2:-}
kolander=${BUILD:-build}/kolander
seen=$(mktemp)
trap 'rm -f "$seen"' EXIT
cut -f 3- "$file" | "$kolander" text ${language:+--language "$language"} | jq -r '.sentiment.score // 0' >"$seen"
cut -f 2 "$file" | paste - "$seen" | awk '
	$1 !~ /^-?[0-9.]+$/ { next } # a heading
	{ n++; x += $1; y += $2; xx += $1 * $1; yy += $2 * $2; xy += $1 * $2 }
	$1 >= 1 || $1 <= -1 { strong++; right += $1 * $2 > 0 }
	END { printf "%d texts: r %.3f; right signs %.3f of %d\n", n, (n * xy - x * y) / sqrt((n * xx - x * x) * (n * yy - y * y)), right / strong, strong }'
