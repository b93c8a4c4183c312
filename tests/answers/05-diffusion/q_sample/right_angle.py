# cosine and sine of one angle
def q_sample(x0, t, eps, schedule):
    angle = torch.arccos(schedule.alpha_bar[t].sqrt())
    for _ in range(x0.dim() - 1):
        angle = angle.unsqueeze(-1)
    return (angle.cos() * x0 + angle.sin() * eps).to(x0.dtype)
