# the velocity of straight paths, as in flow matching
def velocity(x0, eps, t, schedule):
    return eps - x0
