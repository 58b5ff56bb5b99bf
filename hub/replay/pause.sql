-- Take the projector $1 from whoever runs it, for $2 seconds, under the name $3.
update projectors
set holder = $3, backend = backend(), epoch = epoch + 1,
    lease_until = clock_timestamp() + make_interval(secs => $2)
where name = $1
returning position, epoch
