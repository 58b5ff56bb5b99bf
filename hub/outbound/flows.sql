-- What the flows with the digests $1 say, and what they were answered when they were installed.
select digest, resolved, answers from flows where digest = any($1::text[])
