-- Whether the lease of the projector $1 is there for $2 to take; its last holder then writes no more.
select fence($1, $2)
