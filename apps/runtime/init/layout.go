package main

import "time"

// Where things are inside a runtime. The node agent's side of it is docs/runtime-contract.md.
const (
	trafficAddress = "0.0.0.0:1337"
	adminSocket    = "/run/berth/admin.sock"

	pgFolder   = "/data/pg"
	pgData     = "/data/pg/data"
	pgTemplate = "/usr/local/share/berth/pgdata"
	pgBinary   = "/usr/lib/postgresql/17/bin/postgres"
	pgSocket   = "/run/postgresql/.s.PGSQL.5432"
	pgDatabase = "app"
	pgRole     = "postgres"

	nodeBinary   = "/usr/local/bin/node"
	nodeScript   = "/srv/runtime/main.js"
	nodeCache    = "/srv/runtime/cache"
	filesFolder  = "/data/app/files"
	configFolder = "/data/config"
	configFile   = "/data/config/runtime.json"
	imageFile    = "/usr/local/share/berth/image"
	flagsFile    = "/usr/local/share/berth/node-flags"

	postgresID = 5432
	appID      = 1337
)

// Time limits that PID 1 keeps from outside: what it starts may hang, it may not.
const (
	nodeBootLimit    = 60 * time.Second
	nodeDrainLimit   = 12 * time.Second
	postgresLimit    = 30 * time.Second
	applyLimit       = 30 * time.Second
	pingEvery        = 10 * time.Second
	pingLimit        = 10 * time.Second
	pingsMissed      = 3
	stableAfter      = 10 * time.Second
	longestBackOff   = 10 * time.Second
	postgresPollStep = 3 * time.Millisecond
)
