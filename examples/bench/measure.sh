# For run and run-text: the best of several times, and what two of them make against a bound. `missed` is 1 after a miss.
missed=0
declare -A best
seconds() { # command…
	local t0=$EPOCHREALTIME
	"$@"
	awk "BEGIN { print $EPOCHREALTIME - $t0 }"
}
note() { if [[ -z ${best[$1]-} ]] || awk "BEGIN { exit !($2 < ${best[$1]}) }"; then best[$1]=$2; fi; }
ratio() { # what, number, against, bound, most|least
	awk -v w="$1" -v a="${best[$2]}" -v b="${best[$3]}" -v m="$4" -v how="$5" 'BEGIN {
		r = how == "least" ? b / a : a / b; ok = how == "least" ? r >= m : r <= m
		printf "%-44s %7.2f s %7.2f s  ratio %5.2f  (at %s %s) %s\n", w, a, b, r, how, m, ok ? "" : "MISSED"; exit !ok }' || missed=1
}
