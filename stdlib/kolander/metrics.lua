-- metrics: plain arithmetic on what a creator's channel reports. No market averages are made up here.
local metrics = {}

-- Part of a whole; nil where the whole is not above zero.
function metrics.share(part, whole)
  if whole > 0 then return part / whole end
end

-- Followers per account followed; an account that follows nobody counts as following one.
function metrics.follower_ratio(followers, following)
  return followers / math.max(following, 1)
end

return metrics
