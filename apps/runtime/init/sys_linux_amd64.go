package main

const sysSyncfs = 306
