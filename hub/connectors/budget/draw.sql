-- Draw a block from the budget of the connection $1 for the share $2, at $3 (null: now), of at least
-- $4 and at most $5, to be used within $6 seconds. The windows: $7 names, $8 seconds, $9 zones, $10
-- ceilings. $11 shares go before, with $12 parts kept for them. The block $13, drawn before, is
-- settled: $14 of it was spent, the last of it $15 seconds after it was drawn.
select id, granted, good_seconds, wait_seconds, wait_for
from draw_budget($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
