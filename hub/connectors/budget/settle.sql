-- Give account of the block $1: $2 of it was spent, the last of it $3 seconds after it was drawn.
update budget_blocks
set cost = $2, use_by = least(use_by, drawn_at + make_interval(secs => $3))
where id = $1
