package approvals

// oddFrom is from how many on half of them gone is odd: of a few, half may well go in a day.
const oddFrom = 4

// Fewer reports whether so many are left of what there were that it is rather trouble of whoever lists them than news.
func Fewer(was, is int) bool { return was > 0 && is == 0 || was >= oddFrom && 2*is < was }
