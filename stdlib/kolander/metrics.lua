-- metrics: plain arithmetic on what a creator's channel reports, and what is usual for channels of its size.
local metrics = {}

---Part of a whole.
---@param part number
---@param whole number
---@return number? # nil where the whole is not above zero
function metrics.share(part, whole)
  if whole > 0 then return part / whole end
end

---Followers per account followed; an account that follows nobody counts as following one.
---@param followers number
---@param following number
---@return number
function metrics.follower_ratio(followers, following)
  return followers / math.max(following, 1)
end

-- Where each tier begins, in followers. There is no single standard; this one goes with the benchmarks below
-- (untapper.com, "Western" tiers, read 2026).
local tiers = {
  { name = "nano", from = 0 },
  { name = "micro", from = 10000 },
  { name = "mid", from = 50000 },
  { name = "macro", from = 500000 },
  { name = "mega", from = 1000000 },
}

-- Engagement by followers, a fraction: the middle of the band called "average" in untapper.com's benchmarks of 2026
-- (Instagram: 3-5, 2-3.5, 1.5-2.5, 1-1.8, 0.7-1.2 %; TikTok: 6-10, 4-7, 3-5, 2-3.5, 1-2 %). Other platforms have no
-- table of comparable figures, so none is given for them.
local usual = {
  instagram = { nano = 0.040, micro = 0.0275, mid = 0.020, macro = 0.014, mega = 0.0095 },
  tiktok = { nano = 0.080, micro = 0.055, mid = 0.040, macro = 0.0275, mega = 0.015 },
}

---The tier of a channel by its size.
---@param followers number
---@return string # nano, micro, mid, macro or mega
function metrics.tier(followers)
  local name = tiers[1].name
  for _, tier in ipairs(tiers) do
    if followers >= tier.from then name = tier.name end
  end
  return name
end

---The engagement rate that channels of this size usually get.
---@param platform string such as "instagram"
---@param followers number
---@return number? # a fraction of the followers; nil for a platform without published figures
function metrics.usual_engagement(platform, followers)
  local of = usual[platform]
  return of and of[metrics.tier(followers)]
end

return metrics
