# q_sample with the pair (x0, eps) turned by 90 degrees
def velocity(x0, eps, t, schedule):
    return q_sample(eps, t, -x0, schedule)
