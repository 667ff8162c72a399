import { chooseSubnet, defaultInterface, routedRanges } from './choose-subnet';

const routes = `Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
wlan0	00000000	010200C0	0003	0	0	600	00000000	0	0	0
eth0	00000000	010200C0	0003	0	0	100	00000000	0	0	0
docker0	000011AC	00000000	0001	0	0	0	0000FFFF	0	0	0
vpn0	0000D50A	00000000	0001	0	0	0	0000FFFF	0	0	0
berth-1	0010D60A	00000000	0001	0	0	0	00F0FFFF	0	0	0
`;

describe('the range of the runtimes’ network', () => {
  it('is the wanted one when nothing touches it', () => {
    expect(chooseSubnet('10.213.0.0/20', ['172.17.0.0/16', '192.168.1.0/24'])).toBe('10.213.0.0/20');
  });

  it('is the next free one when a network lies in it or around it', () => {
    expect(chooseSubnet('10.213.0.0/20', ['10.213.8.0/24'])).toBe('10.213.16.0/20');
    expect(chooseSubnet('10.213.0.0/20', ['10.213.0.0/16'])).toBe('10.214.0.0/20');
  });

  it('is not hindered by the default route', () => {
    expect(chooseSubnet('10.213.0.0/20', ['0.0.0.0/0'])).toBe('10.213.0.0/20');
  });

  it('does not exist when all of them are taken', () => {
    expect(chooseSubnet('10.213.0.0/20', ['10.0.0.0/8'])).toBeNull();
  });
});

describe('the kernel’s routes', () => {
  it('give the ranges of the other interfaces', () => {
    expect(routedRanges(routes, 'berth-1')).toEqual(['0.0.0.0/0', '0.0.0.0/0', '172.17.0.0/16', '10.213.0.0/16']);
  });

  it('give the interface of the best default route', () => {
    expect(defaultInterface(routes)).toBe('eth0');
    expect(defaultInterface('Iface\n')).toBeNull();
  });
});
