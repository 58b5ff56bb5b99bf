-- Hold the projector $1 for $3 more seconds, if epoch $2 still does.
update projectors
set lease_until = clock_timestamp() + make_interval(secs => $3)
where name = $1 and epoch = $2
returning epoch
