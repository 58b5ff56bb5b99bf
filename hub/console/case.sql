-- How the case $2 of the flow $1 stands, and since which event.
select state, until, why, data, since from cases where flow = $1 and "case" = $2
