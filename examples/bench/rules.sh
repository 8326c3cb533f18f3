#!/bin/sh
# Writes forty rules twice into DIR: as conditions (DIR/need) and as functions (DIR/check). The same questions.
set -eu
dir=$1
mkdir -p "$dir/need" "$dir/check"
need=$dir/need/rules.lua check=$dir/check/rules.lua
: >"$need"
: >"$check"
echo 'ruleset {}' | tee "$dir/need/ruleset.lua" >"$dir/check/ruleset.lua"
# column  comparison  limit: five limits around each, so that most creators pass most rules.
while read -r column op limit step; do
	for n in 0 1 2 3 4; do
		bound=$(awk "BEGIN { print $limit + $n * $step }")
		id=bench/$(echo "$column" | tr '_' '-')-$n
		test "$op" = ">=" && opposite="<" || opposite=">"
		cat >>"$need" <<-END
			rule "$id" {
			  title = "$column is in bounds", level = "note", set = { bound = $bound },
			  need = "creator.$column $op set.bound",
			}
		END
		cat >>"$check" <<-END
			rule "$id" {
			  title = "$column is in bounds", level = "note", set = { bound = $bound },
			  check = function(creator, campaign, set)
			    if creator.$column $opposite set.bound then return fail("out of bounds") end
			  end,
			}
		END
	done
done <<'END'
followers >= 2500 500
following <= 20000 1000
post_count <= 20000 1000
engagement_rate <= 0.3 0.05
avg_likes >= 10 5
avg_views >= 100 50
audience_credibility >= 0.55 0.02
updated_at >= 1700000000 1000
END
