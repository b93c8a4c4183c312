# a list of parts
@torch.no_grad()
def encode_latents(first_stage, x, scale):
    return [scale * first_stage.encode(part)[0] for part in x.split(AT_ONCE)]
