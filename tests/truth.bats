#!/usr/bin/env bats
# Law 1: nothing missing passes or fails. truth/table.txt, written by hand, says what each rule says of four creators.
load helpers

@test "every operator, function, quantifier and rule form answers as the truth table says" {
	start
	perl -ne 'next if /^#/ || !/\S/; chomp; my ($k, $w) = /^(.*?) \| (.*) \| [qfue ]+$/ or die "row $.: $_"; my $i = sprintf "t/r%03d", $.;
		print $k eq "when" ? qq(rule "$i" { title="t", level="review", when=[==[$w]==], need="false" }\n)
		: $k eq "check" ? qq(rule "$i" { title="t", level="review", check=function(creator, campaign, set) $w end }\n)
		: qq(rule "$i" { title="t", level="review", ) . ($k =~ /each (\w+)/ ? qq(each="$1", ) : "") . qq(need=[==[$w]==] }\n)' \
		"$BATS_TEST_DIRNAME/truth/table.txt" | sed 's/need="false"/need="1 > 2"/' >rules/t.lua
	echo 'lookup "usual" { instagram = { DE = 5 } }' >rules/lookups.lua
	echo 'rule "base/many" { title="b", level="review", need="creator.followers > 2000" }' >rules/base.lua
	"$KOLANDER" import r.db "$BATS_TEST_DIRNAME/truth/roster.ndjson"
	# A team's table without STRICT may hold anything.
	sqlite3 -cmd '.dbconfig defensive off' r.db "PRAGMA writable_schema=ON; UPDATE sqlite_schema SET sql = replace(sql, ') STRICT', ')') WHERE name = 'creator'"
	sqlite3 r.db "UPDATE creator SET followers='many', engagement_rate='some', country=x'4445', language=x'6465', verified='maybe',
		fee='free', currency=x'45', joined_at='then' WHERE handle='odd'"
	vet >out.ndjson || [ $? -eq 3 ]
	jq -r 'select(.type=="verdict") | .creator.handle as $h | .findings[] | [.rule, $h, .outcome] | @tsv' out.ndjson >found
	[ "$(jq -s '[.[]|select(.type=="verdict")]|length' out.ndjson)" -eq 4 ]
	perl -e 'open F, "found"; while (<F>) { chomp; my ($r, $h, $o) = split /\t/; my $c = substr $o, 0, 1; my %w = (f=>3,e=>2,u=>1); my $k="$r $h";
		$got{$k} = $c if ($w{$c} || 0) > ($w{$got{$k} || ""} || 0); }
		open T, shift; while (<T>) { next if /^#/ || !/\S/; my ($w, $e) = /^(.*) \| ([qfue ]+)$/; my @e = split " ", $e; my @h = qw(full bare part odd);
		for (0 .. 3) { my $g = $got{sprintf "t/r%03d %s", $., $h[$_]} || "q"; $g eq $e[$_] or $bad++, print "line $.: $w: $h[$_] is $g, should be $e[$_]\n"; $n++ } }
		print "$n cells\n"; exit($bad || $n < 250 ? 1 : 0)' "$BATS_TEST_DIRNAME/truth/table.txt"
}
