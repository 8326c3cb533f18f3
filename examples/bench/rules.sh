#!/bin/sh
# Writes forty rules twice into DIR: as conditions (DIR/need) and as functions (DIR/check). The same questions, over the
# twenty-one columns that scan.c reads; most creators pass most of them.
set -eu
dir=$1
mkdir -p "$dir/need" "$dir/check"
need=$dir/need/rules.lua check=$dir/check/rules.lua
: >"$need"
: >"$check"
echo 'ruleset {}' | tee "$dir/need/ruleset.lua" >"$dir/check/ruleset.lua"
count=0
# What must hold | when the function fails | the bound
while IFS='|' read -r holds fails bound; do
	count=$((count + 1))
	id=$(printf 'bench/rule-%02d' "$count")
	printf 'rule "%s" {\n  title = "Within its bounds", level = "note", set = { bound = %s },\n  need = "%s",\n}\n' \
		"$id" "$bound" "$holds" >>"$need"
	printf 'rule "%s" {\n  title = "Within its bounds", level = "note", set = { bound = %s },\n' "$id" "$bound" >>"$check"
	printf '  check = function(creator, campaign, set)\n    if %s then return fail("out of bounds") end\n  end,\n}\n' "$fails" >>"$check"
done <<'END'
creator.followers >= set.bound|creator.followers < set.bound|2500
creator.followers <= set.bound|creator.followers > set.bound|2000000
creator.following <= set.bound|creator.following > set.bound|20000
creator.following <= set.bound * creator.followers|creator.following > set.bound * creator.followers|0.9
creator.post_count >= set.bound|creator.post_count < set.bound|20
creator.post_count <= set.bound|creator.post_count > set.bound|9000
creator.verified or creator.followers < set.bound|not creator.verified and creator.followers >= set.bound|1000000
not creator.is_virtual or set.bound > 0|creator.is_virtual and set.bound <= 0|1
not creator.is_virtual|creator.is_virtual and set.bound > 0|1
creator.joined_at <= set.bound|creator.joined_at > set.bound|1780000000
creator.joined_at >= set.bound|creator.joined_at < set.bound|1200000000
creator.engagement_rate <= set.bound|creator.engagement_rate > set.bound|0.3
creator.engagement_rate >= set.bound|creator.engagement_rate < set.bound|0.005
creator.avg_likes >= set.bound|creator.avg_likes < set.bound|10
creator.avg_likes <= set.bound * creator.followers|creator.avg_likes > set.bound * creator.followers|0.4
creator.avg_comments >= set.bound|creator.avg_comments < set.bound|1
creator.avg_comments <= set.bound * creator.avg_likes|creator.avg_comments > set.bound * creator.avg_likes|0.5
creator.avg_views >= set.bound|creator.avg_views < set.bound|100
creator.avg_views >= set.bound * creator.followers|creator.avg_views < set.bound * creator.followers|0.01
creator.avg_views <= set.bound * creator.followers|creator.avg_views > set.bound * creator.followers|50
creator.completion_rate >= set.bound|creator.completion_rate < set.bound|0.05
creator.completion_rate <= set.bound|creator.completion_rate > set.bound|0.99
creator.follower_growth_30d <= set.bound|creator.follower_growth_30d > set.bound|0.3
creator.follower_growth_30d >= set.bound|creator.follower_growth_30d < set.bound|-0.2
creator.audience_credibility >= set.bound|creator.audience_credibility < set.bound|0.5
creator.audience_credibility <= set.bound|creator.audience_credibility > set.bound|1
creator.sponsored_share <= set.bound|creator.sponsored_share > set.bound|0.8
creator.sponsored_share >= set.bound|creator.sponsored_share < set.bound|0
creator.fee <= set.bound|creator.fee > set.bound|2000000
creator.fee >= set.bound|creator.fee < set.bound|1
creator.fee <= set.bound * creator.avg_views|creator.fee > set.bound * creator.avg_views|500
creator.updated_at >= set.bound|creator.updated_at < set.bound|1700000000
creator.updated_at >= creator.joined_at + set.bound|creator.updated_at < creator.joined_at + set.bound|86400
creator.currency ~= set.bound|creator.currency == set.bound|"XXX"
creator.country ~= set.bound|creator.country == set.bound|"KP"
creator.country ~= set.bound and creator.language ~= set.bound|creator.country == set.bound or creator.language == set.bound|"zz"
creator.language ~= set.bound|creator.language == set.bound|"tlh"
creator.category ~= set.bound|creator.category == set.bound|"gambling"
creator.platform ~= set.bound|creator.platform == set.bound|"orkut"
creator.platform ~= set.bound or creator.followers > 100|creator.platform == set.bound and creator.followers <= 100|"tiktok"
END
