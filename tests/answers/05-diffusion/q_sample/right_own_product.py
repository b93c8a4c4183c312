# through the student's own table
def q_sample(x0, t, eps, schedule):
    bar = cumulative_alpha(schedule.beta)[t].reshape(len(t), *([1] * (x0.ndim - 1))).to(x0)
    return torch.addcmul(bar.sqrt() * x0, (1 - bar).sqrt(), eps)
