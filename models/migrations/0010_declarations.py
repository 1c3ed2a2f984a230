from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import UtcDatetimeField
from tortoise.fields.base import OnDelete
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0009_plan_drafts')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Declaration',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('batch', fields.ForeignKeyField('models.Batch', source_field='batch_id', db_constraint=True, to_field='code', related_name='declarations', on_delete=OnDelete.RESTRICT)),
                ('target', fields.CharField(max_length=32)),
                ('ground', fields.CharField(max_length=20)),
                ('document', fields.CharField(max_length=200)),
                ('document_sha256', fields.CharField(max_length=64)),
                ('department', fields.CharField(default='', max_length=16)),
                ('declared_by', fields.CharField(max_length=120)),
                ('declared_at', UtcDatetimeField()),
                ('withdrawn_by', fields.CharField(null=True, max_length=120)),
                ('withdrawn_at', UtcDatetimeField(null=True)),
                ('withdrawn_reason', fields.CharField(null=True, max_length=400)),
            ],
            options={'table': 'declaration', 'app': 'models', 'pk_attr': 'id'},
            bases=['Model'],
        ),
    ]
